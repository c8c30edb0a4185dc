package journal_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/journal"
	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
	"pgregory.net/rapid"
)

// exported is a journal's window in a format.
func exported(t labtest.T, f journal.Format, j *journal.Journal, c journal.Cast) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := journal.NewExport(f, c, time.Time{}, "").Write(&out, j.Records(0, j.Next())); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestNDJSONHasTheWindow(t *testing.T) {
	s := everything()
	j := recorded(play(t, s, 3*smallest), 0)
	var want []byte
	for p := j.First(); p < j.Next(); p++ {
		want = journal.AppendJSON(want, j.At(p), s)
	}
	if got := exported(t, journal.NDJSON, j, s); !bytes.Equal(got, want) || j.First() == 0 {
		t.Errorf("it has %d bytes, want %d", len(got), len(want))
	}
}

func TestRecordsStayInTheWindow(t *testing.T) {
	j := recorded(play(t, everything(), 3*smallest), 0)
	for _, x := range [][4]uint64{
		{0, 1 << 60, j.First(), j.Next()},
		{0, j.First(), 0, 0},
		{j.First() + 3, j.First() + 5, j.First() + 3, j.First() + 5},
		{j.Next(), j.Next() + 9, 0, 0},
	} {
		at := x[2]
		for p, r := range j.Records(x[0], x[1]) {
			if p != at || r != j.At(p) {
				t.Fatalf("from %d to %d there is %d, want %d", x[0], x[1], p, at)
			}
			at++
		}
		if at != x[3] {
			t.Errorf("from %d to %d the last is before %d, want %d", x[0], x[1], at, x[3])
		}
	}
	for range j.Records(0, j.Next()) {
		break // and no more is asked for
	}
}

// A row of CSV says what the object of NDJSON does, and what that leaves out is
// empty.
func TestCSVSaysWhatNDJSONDoes(t *testing.T) {
	s := everything()
	j := recorded(play(t, s, 3*smallest), 0)
	text := exported(t, journal.CSV, j, s)
	if n := bytes.Count(text, []byte("\n")); n != bytes.Count(text, []byte("\r\n")) {
		t.Error("not all lines end with CR LF")
	}
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll() // which sees to it that all are equally long
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(rows[0], " "); got != "at_ns kind producer number id born_ns consumer depth backlog attempt cause change signal" {
		t.Errorf("the columns are %s", got)
	}
	objects := bytes.Split(bytes.TrimSuffix(exported(t, journal.NDJSON, j, s), []byte("\n")), []byte("\n"))
	if len(rows)-1 != len(objects) {
		t.Fatalf("there are %d rows, want %d", len(rows)-1, len(objects))
	}
	for i, row := range rows[1:] {
		want := object(t, objects[i])
		for column, cell := range row {
			v, said := want[rows[0][column]]
			if text := fmt.Sprint(v); said && cell != text || !said && cell != "" {
				t.Fatalf("row %d has %q, want %q", i, row, objects[i])
			}
			delete(want, rows[0][column])
		}
		if len(want) > 0 {
			t.Fatalf("row %d leaves out %v", i, want)
		}
	}
}

// object is a JSON object, with its numbers as they are written.
func object(t labtest.T, text []byte) (o map[string]any) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&o); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return o
}

func TestASpreadsheetCalculatesNothing(t *testing.T) {
	for name, want := range map[string]string{
		"plain":          "plain",
		"a=b":            "a=b",
		"=1+1":           "'=1+1",
		"+1":             "'+1",
		"-1":             "'-1",
		"@SUM(A1)":       "'@SUM(A1)",
		"＝1":             "'＝1",
		" =1":            "' =1",
		`=HYPERLINK("x"`: `"'=HYPERLINK(""x"""`,
		"'quoted":        "''quoted",
		"a,b":            `"a,b"`,
		`say "so"`:       `"say ""so"""`,
		" spaced ":       `" spaced "`,
		"über":           "über",
	} {
		c := plain
		c.names[0] = name
		row := journal.NewExport(journal.CSV, c, time.Time{}, "").Record(nil, 0, journal.Record{Kind: journal.Produced, At: 7, Born: 6, Number: 5})
		if got := string(row); got != "7,produced,"+want+",5,605394647632969763,6,,,,,,,\r\n" {
			t.Errorf("%s is in %s, want %s", name, got, want)
		}
	}
}

func TestCSVIsReadBackWhateverTheNames(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var c cast
		for i := range c.names {
			c.names[i] = rapid.OneOf(rapid.StringOf(rapid.RuneFrom([]rune(`=+-@',"; a|`))), rapid.String()).Draw(t, "name")
		}
		j := journal.New(0, cast{}, 2, 2)
		j.Append(&journal.Record{Kind: journal.Produced})
		j.Append(&journal.Record{Kind: journal.Paused, Consumer: 1})
		rows, err := csv.NewReader(bytes.NewReader(exported(t, journal.CSV, j, c))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for got, want := range map[string]string{rows[1][2]: c.names[0], rows[2][6]: c.names[3]} {
			if strings.ContainsAny(got, "\r\n") { // which no name has, and encoding/csv takes for the end of a line
				continue
			}
			if strings.TrimPrefix(got, "'") != want {
				t.Fatalf("%q is read as %q", want, got)
			}
			if first := strings.TrimSpace(got); strings.IndexAny(first, "=+-@") == 0 {
				t.Fatalf("%q is a formula", got)
			}
		}
	})
}

func TestCloudEventsAreABatchAsTheSpecificationAsks(t *testing.T) {
	s := everything()
	s.Consumers[1].Name = `"d" <&>`
	j := recorded(play(t, s, 3*smallest), 0)
	const source = "https://example.org/#1abc"
	var out bytes.Buffer
	if err := journal.NewExport(journal.CloudEvents, s, time.Time{}, source).Write(&out, j.Records(0, j.Next())); err != nil {
		t.Fatal(err)
	}
	var batch []map[string]json.RawMessage
	if err := json.Unmarshal(out.Bytes(), &batch); err != nil {
		t.Fatal(err)
	}
	if want := j.Next() - j.First(); uint64(len(batch)) != want {
		t.Fatalf("there are %d events, want %d", len(batch), want)
	}
	ids := map[string]bool{}
	for i, e := range batch {
		position := j.First() + uint64(i)
		r := j.At(position)
		attribute := func(name string) (v string) {
			if err := json.Unmarshal(e[name], &v); err != nil || v == "" {
				t.Fatalf("the %s of %s is %v", name, e, err)
			}
			return v
		}
		id := strconv.FormatUint(s.Identity(int(r.Producer), r.Number), 10)
		if r.Kind == journal.Produced {
			if attribute("id") != id || attribute("type") != "dev.spillway.producer.produced-something" {
				t.Fatalf("%+v is %s", r, e)
			}
		} else if attribute("id") != fmt.Sprint("record-", position) {
			t.Fatalf("record %d is %s", position, e)
		}
		if subject, has := e["subject"]; has != (r.Kind != journal.Produced && (r.Kind.OfEvent() || r.Kind.OfConsumer())) {
			t.Fatalf("the subject of %+v is %s", r, subject)
		} else if has && r.Kind.OfEvent() && attribute("subject") != id {
			t.Fatalf("the subject of %+v is %s, want %s", r, subject, id)
		} else if has && !r.Kind.OfEvent() && attribute("subject") != s.ConsumerName(int(r.Consumer)) {
			t.Fatalf("the subject of %+v is %s", r, subject)
		}
		if ids[attribute("id")] {
			t.Fatalf("there are two of %s", e)
		}
		ids[attribute("id")] = true
		if attribute("specversion") != "1.0" || attribute("source") != source || attribute("datacontenttype") != "application/json" {
			t.Fatalf("the attributes are %s", e)
		}
		if at, err := time.Parse(time.RFC3339Nano, attribute("time")); err != nil || !at.Equal(s.StartTime().Add(r.At)) {
			t.Fatalf("the time of %+v is %s, %v", r, e["time"], err)
		}
		if want := bytes.TrimSpace(journal.AppendJSON(nil, r, s)); !bytes.Equal(e["data"], want) {
			t.Fatalf("the data are %s, want %s", e["data"], want)
		}
		for name := range e {
			// An attribute is named with lower-case letters and digits.
			if strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
				t.Fatalf("there is an attribute %q", name)
			}
		}
	}
}

func TestEveryKindHasItsType(t *testing.T) {
	types := map[journal.Kind]string{
		journal.Produced: "producer.produced-something", journal.Buffered: "event.buffered", journal.Dropped: "event.dropped",
		journal.Rejected: "event.rejected", journal.Blocked: "event.blocked", journal.Unblocked: "event.unblocked",
		journal.Spilled: "event.spilled", journal.Refilled: "event.refilled", journal.Returned: "event.returned", journal.Delivered: "event.delivered",
		journal.Handled: "event.handled", journal.Failed: "event.failed", journal.Retried: "event.retried",
		journal.DeadLettered: "event.dead-lettered", journal.PutBack: "event.put-back", journal.Changed: "run.changed", journal.Paused: "consumer.paused",
		journal.Resumed: "consumer.resumed", journal.Crashed: "run.crashed", journal.Recovered: "consumer.recovered",
		journal.Interrupted: "run.interrupted", journal.Quit: "run.quit",
	}
	for _, k := range journal.Kinds() {
		e := object(t, journal.NewExport(journal.CloudEvents, plain, time.Time{}, "").Record(nil, 0, journal.Record{Kind: k}))
		if e["type"] != "dev.spillway."+types[k] {
			t.Errorf("%v is of type %v", k, e["type"])
		}
	}
}

func TestACloudEventIsWrittenLikeThis(t *testing.T) {
	e := journal.NewExport(journal.CloudEvents, plain, time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC), "")
	text := e.Head(nil)
	text = e.Record(text, 0, journal.Record{Kind: journal.Produced, At: 1500 * time.Millisecond, Born: 1500 * time.Millisecond, Number: 1})
	text = e.Record(text, 1, journal.Record{Kind: journal.Dropped, At: 1500 * time.Millisecond, Born: 1500 * time.Millisecond, Number: 1, Cause: uint8(broker.Full), Depth: 3})
	const want = `[
{"specversion":"1.0","id":"605394647632969759","source":"spillway","type":"dev.spillway.producer.produced-something","time":"2030-01-02T03:04:06.5Z","datacontenttype":"application/json","data":{"at_ns":1500000000,"kind":"produced","producer":"producer","number":1,"id":"605394647632969759","born_ns":1500000000}},
{"specversion":"1.0","id":"record-1","source":"spillway","type":"dev.spillway.event.dropped","subject":"605394647632969759","time":"2030-01-02T03:04:06.5Z","datacontenttype":"application/json","data":{"at_ns":1500000000,"kind":"dropped","producer":"producer","number":1,"id":"605394647632969759","born_ns":1500000000,"consumer":"consumer","depth":3,"cause":"full"}}
]
`
	if got := string(e.Tail(text)); got != want {
		t.Errorf("got\n%s, want\n%s", got, want)
	}
}

func TestNothingIsExportedToo(t *testing.T) {
	j := journal.New(0, cast{}, 1, 1)
	var batch []any
	if err := json.Unmarshal(exported(t, journal.CloudEvents, j, plain), &batch); err != nil || batch == nil || len(batch) > 0 {
		t.Errorf("the batch is %v, %v", batch, err)
	}
	if rows, err := csv.NewReader(bytes.NewReader(exported(t, journal.CSV, j, plain))).ReadAll(); err != nil || len(rows) != 1 {
		t.Errorf("the rows are %v, %v", rows, err)
	}
	if text := exported(t, journal.NDJSON, j, plain); len(text) > 0 {
		t.Errorf("the lines are %s", text)
	}
}

// pieces notes how long they are that are written.
type pieces struct{ lengths []int }

func (p *pieces) Write(b []byte) (int, error) {
	p.lengths = append(p.lengths, len(b))
	return len(b), nil
}

func TestALongWindowIsWrittenInPieces(t *testing.T) {
	s := everything()
	j := recorded(play(t, s, 5000), 5000)
	for f := journal.NDJSON; f <= journal.CloudEvents; f++ {
		var p pieces
		if err := journal.NewExport(f, s, time.Time{}, "").Write(&p, j.Records(0, j.Next())); err != nil {
			t.Fatal(err)
		}
		if len(p.lengths) < 5 || slices.Max(p.lengths) > 40_000 {
			t.Errorf("%v is written in pieces of %v", f, p.lengths)
		}
	}
}

// bounded takes so many pieces and no more.
type bounded int

var errFull = errors.New("full")

func (b *bounded) Write(p []byte) (int, error) {
	if *b--; *b < 0 {
		return 0, errFull
	}
	return len(p), nil
}

func TestAnExportStopsWhenItCantBeWritten(t *testing.T) {
	s := everything()
	j := recorded(play(t, s, 5000), 5000)
	var whole pieces
	if err := journal.NewExport(journal.CSV, s, time.Time{}, "").Write(&whole, j.Records(0, j.Next())); err != nil {
		t.Fatal(err)
	}
	for n := range len(whole.lengths) {
		w := bounded(n)
		err := journal.NewExport(journal.CSV, s, time.Time{}, "").Write(&w, j.Records(0, j.Next()))
		if !errors.Is(err, errFull) || err.Error() != "export csv: full" || w != -1 {
			t.Errorf("after %d pieces it answers %v, and wrote %d more", n, err, -1-w)
		}
	}
}

func TestFormatsHaveNames(t *testing.T) {
	for f := journal.NDJSON; f <= journal.CloudEvents; f++ {
		if back, err := journal.ParseFormat(f.String()); err != nil || back != f {
			t.Errorf("%v is read as %v, %v", f, back, err)
		}
	}
	const want = "ndjson application/x-ndjson .ndjson, csv text/csv; charset=utf-8; header=present .csv, " +
		"cloudevents application/cloudevents-batch+json .cloudevents.json, Format(0) application/octet-stream "
	var got []string
	for _, f := range []journal.Format{journal.NDJSON, journal.CSV, journal.CloudEvents, 0} {
		got = append(got, fmt.Sprint(f, " ", f.MediaType(), " ", f.Extension()))
	}
	if text := strings.Join(got, ", "); text != want {
		t.Errorf("they are\n%s, want\n%s", text, want)
	}
	if _, err := journal.ParseFormat("xml"); err == nil || err.Error() != `format "xml" is unknown: use one of ndjson, csv, cloudevents` {
		t.Errorf("got %v", err)
	}
	j := journal.New(0, cast{}, 1, 1)
	if err := journal.NewExport(0, plain, time.Time{}, "").Write(io.Discard, j.Records(0, 0)); err == nil || err.Error() != "export: Format(0) is unknown" {
		t.Errorf("got %v", err)
	}
}

func BenchmarkExport(b *testing.B) {
	s := scenario.Classic()
	s.Duration = scenario.Duration(scenario.MaxDuration)
	j := journal.New(1<<17, cast{}, 1, 1)
	for _, r := range play(b, s, 1<<17) {
		j.Append(&r)
	}
	for f := journal.NDJSON; f <= journal.CloudEvents; f++ {
		b.Run(f.String(), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := journal.NewExport(f, s, time.Time{}, "").Write(io.Discard, j.Records(0, j.Next())); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(j.Next()-j.First()), "ns/record")
		})
	}
}
