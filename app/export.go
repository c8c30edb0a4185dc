package app

import (
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"github.com/spillway-go/spillway/app/chart"
	"github.com/spillway-go/spillway/app/dom"
	"github.com/spillway-go/spillway/app/format"
	"github.com/spillway-go/spillway/app/logbook"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/app/screen"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// exportFile is something of a run that can be saved as a file.
type exportFile struct {
	id        string
	name      string // of the button
	says      string
	mediaType string
	extension string
	// Of the journal in a format; or of the lines of the log: all or, if shown, those
	// that are shown; or of a chart; or of the stage.
	format journal.Format
	log    bool
	shown  bool
	chart  *chart.Kind
}

// message is what saves it.
func (f exportFile) message() play.Save {
	return play.Save{File: f.id, Records: f.chart == nil && f.id != stageFile.id}
}

var (
	logFile = exportFile{id: "log", name: "Log", says: "Plain text: the lines of the terminal.",
		mediaType: "text/plain; charset=utf-8", extension: ".log", log: true}
	shownLog = exportFile{id: logbook.ShownLines, mediaType: logFile.mediaType, extension: ".log", log: true, shown: true}

	stageFile = exportFile{id: "stage", name: "Stage", says: "A PNG of what the stage shows now.", mediaType: "image/png", extension: ".png"}
)

// exportGroup is a part of the export dialog.
type exportGroup struct {
	title string
	files []exportFile
}

var exportGroups = []exportGroup{
	{"Journal", []exportFile{
		journalFile(journal.NDJSON, "NDJSON", "One JSON object a line, for programs."),
		journalFile(journal.CSV, "CSV", "One row a record, for spreadsheets."),
		journalFile(journal.CloudEvents, "CloudEvents", "A batch of CloudEvents 1.0, as JSON."),
		logFile,
	}},
	{"Pictures", pictureFiles()},
}

func pictureFiles() []exportFile {
	files := []exportFile{stageFile}
	for _, k := range chart.Kinds {
		files = append(files, chartFile(k))
	}
	return files
}

func journalFile(f journal.Format, name, says string) exportFile {
	return exportFile{id: f.String(), name: name, says: says, mediaType: f.MediaType(), extension: f.Extension(), format: f}
}

func chartFile(k *chart.Kind) exportFile {
	return exportFile{id: string(k.ID), name: k.Title, says: "The chart as an SVG.", mediaType: "image/svg+xml", extension: "-" + string(k.ID) + ".svg", chart: k}
}

// exportName is how a file of the run is called: after its preset and its start,
// as in spillway-classic-20211101-111119.ndjson.
func exportName(m *play.Model, f exportFile) string {
	what := m.Preset
	if what == "" {
		what = "run"
	}
	return "spillway-" + what + "-" + m.Scenario.StartTime().Format("20060102-150405") + f.extension
}

const (
	// exportPiece is about how many bytes are written before the page has its turn.
	exportPiece = 128 << 10
)

// errForgotten says that the run went on too far while it was saved.
var errForgotten = errors.New("its oldest records were forgotten while it was saved: pause the run first")

// exportPieces are a file of the records up to the moment that is shown, piece by
// piece, each with the part of the work that is done. What happens to the model
// meanwhile changes nothing, but that a journal that goes on forgets.
func exportPieces(m *play.Model, f exportFile) iter.Seq2[[]byte, progress] {
	s, j := m.Scenario, m.Journal()
	first, last := j.First(), m.View().Position
	write := journal.NewExport(f.format, s, time.Time{}, "spillway"+scenario.Link(s, 0))
	var sieve *logbook.Sieve
	words := logbook.NewWords(s, nil)
	if f.shown {
		sieve = logbook.NewSieve(s, m.Roster, m.Log)
	}
	return func(yield func([]byte, progress) bool) {
		done := progress{all: last - min(first, last)}
		piece := make([]byte, 0, exportPiece+exportPiece/8)
		if !f.log {
			piece = write.Head(piece)
		}
		for p := first; p < last; p++ {
			if p < j.First() {
				done.err = errForgotten
				yield(nil, done)
				return
			}
			switch r := j.At(p); {
			case !f.log:
				piece = write.Record(piece, p, r)
				done.written++
			case r.Kind.HasLine() && (sieve == nil || sieve.Shows(&r)):
				piece = append(words.Append(piece, &r), '\n')
				done.written++
			}
			done.read++
			if len(piece) >= exportPiece || done.read%(1<<15) == 0 {
				if !yield(piece, done) {
					return
				}
				piece = piece[:0]
			}
		}
		if !f.log {
			piece = write.Tail(piece)
		}
		yield(piece, done)
	}
}

// progress is how far a file has been written, in records.
type progress struct {
	read, all uint64
	written   uint64 // records or lines
	err       error
}

// fileOf is the file with an ID.
func fileOf(id string) exportFile {
	for _, g := range exportGroups {
		for _, f := range g.files {
			if f.id == id {
				return f
			}
		}
	}
	return shownLog
}

// save saves a file, and tells how that goes.
func (p *Page) save(ctx app.Context, id string) {
	ctx = p.own(ctx)
	f := fileOf(id)
	m := p.model
	name := exportName(m, f)
	switch {
	case f.chart != nil:
		p.saved(ctx, name, "", dom.SaveText(name, f.mediaType, f.chart.SVG(m.Moment(), p.theme)))
	case f.id == stageFile.id:
		caption, moment := m.Caption(), m.Scenario.StartTime().Add(m.At()).Format("2006-01-02 15:04:05")
		dom.Aside(dom.TheExport, func() {
			err := saveStage(p.screen.IDs.Of(screen.StageName), name, caption, format.Instant(m.At().Truncate(time.Millisecond))+" · "+moment)
			ctx.Dispatch(func(ctx app.Context) { p.saved(ctx, name, "", err) })
		})
	default:
		p.savePieces(ctx, name, f, exportPieces(m, f))
	}
}

// maxCopy is how many lines are copied: more than that is a file.
const maxCopy = 10_000

// CopyLog copies the lines of the log up to the moment that is shown.
func (p *Page) CopyLog(ctx app.Context) {
	text, lines, left := p.book.Read().Text(maxCopy)
	done := format.Plural(uint64(lines), "line") + " copied."
	if left {
		done = "The last " + done + " Download has all of them."
	}
	p.Send(ctx, play.CopyText{Text: text, Done: done})
}

// savePieces gathers the pieces in the browser, which keeps them outside of the
// program's memory, and lets the page have its turn after each.
func (p *Page) savePieces(ctx app.Context, name string, f exportFile, pieces iter.Seq2[[]byte, progress]) {
	tell := func(n play.Notice) { ctx.Dispatch(func(ctx app.Context) { p.Send(ctx, play.Notify{Notice: n}) }) }
	dom.Aside(dom.TheExport, func() {
		file := dom.NewFile()
		var last progress
		told := time.Now()
		for piece, done := range pieces {
			if last = done; done.err != nil {
				break
			}
			file.Add(piece)
			if time.Since(told) > 250*time.Millisecond {
				told = time.Now()
				tell(play.Notice{Text: "Saving " + name + ": " + format.Count(100*done.read/max(1, done.all)) + " %"})
			}
			time.Sleep(time.Millisecond)
		}
		what := "record"
		if f.log {
			what = "line"
		}
		size := file.Size
		err := last.err
		if err == nil {
			err = file.Save(name, f.mediaType)
		}
		ctx.Dispatch(func(ctx app.Context) {
			p.saved(ctx, name, ": "+format.Plural(last.written, what)+", "+byteText(size), err)
		})
	})
}

// saved tells that a file is saved, or why it is not.
func (p *Page) saved(ctx app.Context, name, what string, err error) {
	n := play.Notice{Text: "Saved " + name + what + "."}
	if err != nil {
		n = play.Notice{Text: "The file " + name + " can't be saved: " + strings.TrimSuffix(err.Error(), ".") + ".", Error: true}
	}
	p.Send(ctx, play.Notify{Notice: n})
}

// byteText is a size for people.
func byteText(n int) string {
	switch {
	case n < 1000:
		return format.Plural(uint64(n), "byte")
	case n < 1_000_000:
		return fmt.Sprintf("%.1f kB", float64(n)/1e3)
	default:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	}
}

// exporter is the dialog that saves files.
type exporter struct {
	app.Compo

	To      dom.Sender[play.Msg]
	At      string
	Records uint64
	Missing uint64 // records that are no longer kept
}

func exporterOf(p *Page) app.UI {
	m := p.model
	first := m.Journal().First()
	return &exporter{To: p, At: format.Instant(m.At().Truncate(time.Millisecond)), Records: m.View().Position - min(first, m.View().Position), Missing: first}
}

func (x *exporter) Render() app.UI { return dom.Contained(dom.TheDialog, "", x.render) }

func (x *exporter) render() app.UI {
	about := "The run up to the moment that is shown, " + x.At + ": " + format.Plural(x.Records, "record") + "."
	if x.Missing > 0 {
		about += " The first " + format.Count(x.Missing) + " are no longer kept."
	}
	return dom.El("div", "export",
		dom.Text("p", "", about),
		dom.RangeOf(len(exportGroups), func(i int) app.UI {
			g := exportGroups[i]
			return dom.El("section", "",
				dom.Text("h3", "", g.title),
				dom.El("div", "files",
					dom.RangeOf(len(g.files), func(i int) app.UI {
						f := g.files[i]
						return dom.Button().Class("btn file").Aria("label", "Save "+f.name).Body(
							dom.Text("b", "", f.name),
							dom.Text("span", "", f.says),
						).OnClick(x.save(f), f.id)
					}),
				),
			)
		}),
	)
}

// save saves a file. The dialog goes, so that what the page says can be read.
func (x *exporter) save(f exportFile) app.EventHandler {
	return func(ctx app.Context, e app.Event) {
		dom.CloseDialog()
		x.To.Send(ctx, f.message())
	}
}
