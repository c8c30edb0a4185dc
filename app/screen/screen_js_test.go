package screen

import (
	"fmt"
	"syscall/js"
	"testing"
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"github.com/spillway-go/spillway/app/chart"
	"github.com/spillway-go/spillway/app/dom"
	"github.com/spillway-go/spillway/app/domtest"
	"github.com/spillway-go/spillway/app/inspect"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/app/playtest"
	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// lane is a player with a screen of its own.
type lane struct {
	model *play.Model
	Screen
}

func newLane(name dom.IDs, m *play.Model) *lane {
	l := &lane{model: m}
	l.Screen = Screen{IDs: name, To: l, Moment: m.Moment}
	return l
}

func (l *lane) Send(ctx app.Context, msg play.Msg) {
	l.update(msg)
	ctx.Dispatch(func(app.Context) {})
}

func (l *lane) update(msg play.Msg) {
	play.Update(l.model, msg)
	l.Dirty = true
}

// lanes are several on one page.
type lanes struct {
	app.Compo
	all []*lane
}

func (v *lanes) Render() app.UI {
	return dom.El("div", "lanes", dom.RangeOf(len(v.all), func(i int) app.UI {
		l := v.all[i]
		return dom.El("div", "lane", l.Stage(string(l.IDs)), l.Charts(play.AllCharts))
	}))
}

// sight is what a lane has on the screen.
type sight struct{ stage, charts, card string }

// exhibition is a page of lanes, which go on with the frames of the browser.
type exhibition struct {
	t     *testing.T
	page  app.ClientDispatcher
	lanes *lanes
}

func exhibit(t *testing.T, all ...*lane) *exhibition {
	domtest.Dress(t)
	style := domtest.Put(t, "style", "", nil)
	style.Set("textContent", `.lanes { position: fixed; inset: 0; display: flex } .lane { width: 380px } .charts { display: flex }
		.stage { position: relative; height: 260px } .stage canvas { width: 100%; height: 100% } .closeup { position: absolute } svg { width: 120px; height: 90px }`)
	e := &exhibition{t: t, lanes: &lanes{all: all}}
	e.page = app.NewClientTester(e.lanes)
	root := app.JSValue(e.page.Context().JSSrc()).Get("firstElementChild")
	js.Global().Get("document").Get("body").Call("append", root)
	frames := NewSchedule(time.Now)
	var stops []func()
	for _, l := range all {
		stops = append(stops, l.Start(frames, l.update))
	}
	running := true
	var frame js.Func
	frame = js.FuncOf(func(js.Value, []js.Value) any {
		for _, l := range all {
			if l.Find() {
				l.Paint(16*time.Millisecond, time.Second, false)
			}
		}
		for kind := range taskKinds {
			frames.Run(kind)
		}
		if running {
			js.Global().Call("requestAnimationFrame", frame)
		}
		return nil
	})
	js.Global().Call("requestAnimationFrame", frame)
	t.Cleanup(func() {
		running = false
		e.settle()
		frame.Release()
		for _, stop := range stops {
			stop()
		}
		root.Call("remove")
		e.page.Close()
	})
	return e
}

// settle waits until all is drawn.
func (e *exhibition) settle() {
	e.t.Helper()
	for range 12 { // charts are drawn ten times a second
		for _, l := range e.lanes.all {
			l.Follow(time.Now())
		}
		e.page.Dispatch(app.Dispatch{Mode: app.Update, Source: e.lanes, Function: func(app.Context) {}})
		e.page.Consume()
		time.Sleep(25 * time.Millisecond)
	}
}

// seek sends lanes to a moment.
func (e *exhibition) seek(at time.Duration, all ...*lane) {
	e.t.Helper()
	for _, l := range all {
		l.update(play.Seek{At: at})
	}
	e.settle()
}

func (e *exhibition) sees(l *lane) sight {
	e.t.Helper()
	find := func(id string) js.Value {
		found := js.Global().Get("document").Call("querySelectorAll", "#"+l.IDs.Of(id))
		if n := found.Get("length").Int(); n != 1 {
			e.t.Fatalf("there are %d elements %s", n, l.IDs.Of(id))
		}
		return found.Index(0)
	}
	s := sight{stage: find(StageName).Call("toDataURL").String(), card: find(inspect.CardName).Get("innerText").String()}
	for _, k := range chart.Kinds {
		s.charts += find("chart-"+string(k.ID)).Get("innerHTML").String() + "\n"
	}
	return s
}

func TestTwoPlayersWithDifferentRunsAreShownOnOnePageApartAndTogether(t *testing.T) {
	left, right := newLane("left-", playtest.Paused(scenario.Classic(), 0)), newLane("right-", playtest.Paused(labtest.Trio(), 0))
	e := exhibit(t, left, right)
	for i, l := range []*lane{left, right} {
		l.update(play.Select{Subject: play.Subject{Actor: playtest.Consumer(l.model, i)}})
	}
	e.seek(5*time.Second, left, right)
	together := [2]sight{e.sees(left), e.sees(right)}
	if a, b := together[0], together[1]; a.stage == b.stage || a.charts == b.charts || a.card == b.card {
		t.Error("different runs look alike")
	}

	e.seek(9*time.Second, left)
	if now := e.sees(left); now.stage == together[0].stage || now.charts == together[0].charts || now.card == together[0].card {
		t.Error("the left one was sent on and shows something old")
	}
	if e.sees(right) != together[1] {
		t.Error("the right one moves with the left")
	}
	e.seek(2*time.Second, right)
	if now := e.sees(right); now.stage == together[1].stage || now.charts == together[1].charts {
		t.Error("the right one was sent back and shows something old")
	}

	e.seek(5*time.Second, left, right)
	for i, l := range []*lane{left, right} {
		now := e.sees(l)
		if now.stage != together[i].stage || now.card != together[i].card {
			t.Errorf("together again, %s shows something else", l.IDs)
		}
	}

	ids := map[string]bool{}
	all := js.Global().Get("document").Call("querySelectorAll", ".lanes [id]")
	for i := range all.Get("length").Int() {
		id := all.Index(i).Get("id").String()
		if ids[id] {
			t.Errorf("two elements are %s", id)
		}
		ids[id] = true
	}
}

func TestAPointerOnOneStageSelectsNothingOnTheOther(t *testing.T) {
	left, right := newLane("left-", playtest.Paused(scenario.Classic(), 3*time.Second)), newLane("right-", playtest.Paused(labtest.Trio(), 3*time.Second))
	e := exhibit(t, left, right)
	e.settle()
	canvas := js.Global().Get("document").Call("getElementById", right.IDs.Of(StageName))
	box := canvas.Call("getBoundingClientRect")
	at := right.scene.Layout.Consumers[1].Middle()
	canvas.Call("dispatchEvent", js.Global().Get("PointerEvent").New("click", map[string]any{
		"bubbles": true, "detail": 1, "clientX": box.Get("left").Float() + at.X, "clientY": box.Get("top").Float() + at.Y,
	}))
	if want := (play.Selection{Role: scenario.OfConsumer, Actor: 1}); right.model.Selection() != want || left.model.Selection().Selected() {
		t.Errorf("selected are %+v and %+v", left.model.Selection(), right.model.Selection())
	}
	e.settle()
	for _, l := range []*lane{left, right} {
		cards := js.Global().Get("document").Call("querySelectorAll", fmt.Sprintf("#%s", l.IDs.Of(inspect.CardName))).Get("length").Int()
		if has := l == right; (cards == 1) != has {
			t.Errorf("%s has %d cards", l.IDs, cards)
		}
	}
}
