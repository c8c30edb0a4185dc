//go:build js

package app

import (
	"syscall/js"
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

const (
	// frameBudget is how much of a frame may go into the simulation.
	frameBudget = 8 * time.Millisecond
	// tickEvery is how often the HTML follows what the canvas shows.
	tickEvery = 100 * time.Millisecond
)

// loop moves the time and paints the canvas, once for every frame of the screen.
// It runs on JavaScript's callbacks and never waits, so that nothing else of the
// page runs in between: there is one thread.
type loop struct {
	page  *Page
	ctx   app.Context
	frame js.Func
	id    js.Value // of the frame that was asked for

	stage  *canvas
	hand   *hand
	line   *timeLine
	charts *chartLoop
	list   *logList
	start  float64 // ms, as the frames count them
	last   float64
	ticked float64
}

// running is the loop of the page that is mounted.
var running *loop

// startLoop starts the frames; the function it returns ends them.
func (p *Page) startLoop(ctx app.Context) (stop func()) {
	l := &loop{page: p, ctx: ctx, charts: newChartLoop(func() *Moment { return p.model.Moment() })}
	l.list = newLogList(func() *Model { return p.model }, func(msg Msg) { p.Send(ctx, msg) })
	running = l
	p.dirty = true
	l.frame = js.FuncOf(func(_ js.Value, args []js.Value) any {
		l.onFrame(args[0].Float())
		l.request()
		return nil
	})
	l.request()
	return func() {
		js.Global().Call("cancelAnimationFrame", l.id)
		if l.hand != nil {
			l.hand.release()
		}
		l.frame.Release()
		l.charts.release()
		l.list.release()
		if running == l { // and not that of a page that has taken this one's place
			running = nil
		}
	}
}

func (l *loop) request() { l.id = js.Global().Call("requestAnimationFrame", l.frame) }

// rethemed is for when the style sheet has other colours now.
func (p *Page) rethemed() {
	if running != nil && running.stage != nil {
		running.stage.readTheme()
		running.line.canvas.readTheme()
	}
	p.dirty = true
}

func (l *loop) onFrame(now float64) {
	if l.stage == nil && !l.find() {
		return
	}
	if l.last == 0 {
		l.start, l.last = now, now
	}
	elapsed := time.Duration((now - l.last) * float64(time.Millisecond))
	l.last = now

	began := time.Now()
	moving := l.page.model.Moment().Moving()
	Update(l.page.model, Frame{Elapsed: elapsed, More: func() bool { return time.Since(began) < frameBudget }})
	m := l.page.model.Moment()
	l.page.closeup.look(m, elapsed)
	l.page.closeup.search(func() bool { return false })

	resized := l.stage.fit()
	if resized = l.line.canvas.fit() || resized; moving || resized || l.page.dirty {
		l.page.scene.Draw(m, l.stage.width, l.stage.height, time.Duration((now-l.start)*float64(time.Millisecond)))
		l.stage.paintScene(&l.page.scene)
		l.line.draw(m, l.page.model.Bookmarks)
	}
	l.list.dirty = l.list.dirty || l.page.dirty
	l.page.dirty = false
	l.hand.placeCard(m, elapsed)
	l.charts.frame()
	l.list.frame()
	if now-l.ticked >= float64(tickEvery/time.Millisecond) {
		l.ticked = now
		l.page.tick(l.ctx)
		l.charts.tick(m, time.Now())
		l.list.tick()
	}
}

// find looks for the elements that go-app has put into the page.
func (l *loop) find() bool {
	stage, ok := newCanvas(stageID)
	if !ok {
		return false
	}
	line, ok := newTimeLine()
	if !ok {
		return false
	}
	l.stage, l.line = stage, line
	l.hand = newHand(l)
	return true
}
