//go:build js

package app

import (
	"syscall/js"
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"github.com/spillway-go/spillway/app/boundary"
	"github.com/spillway-go/spillway/app/dom"
	"github.com/spillway-go/spillway/app/logbook"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/app/screen"
)

// loop moves the time and paints, once for every frame of the screen. It runs on
// JavaScript's callbacks and never waits, so that nothing else of the page runs in
// between: there is one thread.
type loop struct {
	page     *Page
	ctx      app.Context
	frame    js.Func
	id       js.Value // of the frame that was asked for
	schedule *screen.Schedule

	line *timeLine
	list *logbook.List

	start   float64 // ms, as the frames count them
	last    float64
	ticked  float64
	elapsed time.Duration // since the frame before
	stops   []func()
}

// startLoop starts the frames; the function it returns ends them.
func (p *Page) startLoop(ctx app.Context) (stop func()) {
	l := &loop{page: p, ctx: ctx, schedule: screen.NewSchedule(time.Now)}
	send := func(msg play.Msg) { p.Send(ctx, msg) }
	l.list = logbook.NewList(&p.book, send)
	l.schedule.Add(screen.Simulating, func(more func() bool) {
		if !boundary.Contain(dom.TheRun, func() { play.Update(p.model, play.Frame{Elapsed: l.elapsed, More: more}) }) {
			p.Send(ctx, play.Halt{})
		}
	})
	l.schedule.Add(screen.Indexing, l.list.Frame)
	l.stops = append(l.stops, p.screen.Start(l.schedule, send), l.list.Release)
	p.loop, p.dirty = l, true
	l.frame = js.FuncOf(func(_ js.Value, args []js.Value) any {
		boundary.Contain(dom.ThePage, func() { l.onFrame(args[0].Float()) })
		l.request()
		return nil
	})
	l.request()
	return func() {
		js.Global().Call("cancelAnimationFrame", l.id)
		l.frame.Release()
		for _, stop := range l.stops {
			stop()
		}
		p.loop = nil
	}
}

func (l *loop) request() { l.id = js.Global().Call("requestAnimationFrame", l.frame) }

// readTheme reads the colours anew, after the style sheet has changed.
func (l *loop) readTheme() {
	if l == nil {
		return
	}
	l.page.dirty = true
	l.page.screen.ReadTheme()
	if l.line != nil {
		l.line.canvas.ReadTheme()
	}
}

func (l *loop) onFrame(now float64) {
	if !l.find() {
		return
	}
	if l.last == 0 {
		l.start, l.last = now, now
	}
	l.elapsed = time.Duration((now - l.last) * float64(time.Millisecond))
	l.last = now
	p := l.page
	moving := p.model.Moment().Moving()
	l.schedule.Run(screen.Simulating)

	dirty := p.dirty
	p.dirty = false
	p.screen.Dirty = p.screen.Dirty || dirty
	wall := time.Duration((now - l.start) * float64(time.Millisecond))
	boundary.Repeat(dom.ThePicture, func() { p.screen.Paint(l.elapsed, wall, moving) })
	boundary.Repeat(dom.TheTimeLine, func() {
		if l.line.canvas.Fit() || moving || dirty {
			l.line.draw(p.model.Moment(), p.model.Bookmarks)
		}
	})
	l.list.Dirty = l.list.Dirty || dirty

	l.schedule.Run(screen.Investigating)
	l.schedule.Run(screen.Indexing)
	l.schedule.Run(screen.Charting)
	if now-l.ticked >= float64(screen.TickEvery/time.Millisecond) {
		l.ticked = now
		boundary.Contain(dom.ThePage, func() { p.tick(l.ctx) })
		boundary.Repeat(dom.TheLines, l.list.Tick)
		p.tellFailures(l.ctx)
	}
	l.tell()
}

// find looks for the elements that go-app has put into the page.
func (l *loop) find() bool {
	if l.line != nil && l.line.canvas.Element.Get("isConnected").Bool() {
		return l.page.screen.Find()
	}
	line, ok := newTimeLine()
	if ok && l.page.screen.Find() {
		l.line, l.page.dirty = line, true
		return true
	}
	return false
}

// tell says what the frame was spent on, in milliseconds, to who has put a list there
// to find out, as make bench-page does.
func (l *loop) tell() {
	list := js.Global().Get("spillwayFrames")
	if !list.Truthy() {
		return
	}
	var spent []any
	for _, d := range l.schedule.Spent {
		spent = append(spent, d.Seconds()*1000)
	}
	list.Call("push", spent)
}
