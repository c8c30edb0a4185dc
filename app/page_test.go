//go:build !js

package app

import (
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"github.com/spillway-go/spillway/app/domtest"
	"github.com/spillway-go/spillway/app/draw"
	"github.com/spillway-go/spillway/app/format"
	"github.com/spillway-go/spillway/app/logbook"
	"github.com/spillway-go/spillway/app/panel"
	"github.com/spillway-go/spillway/app/play"
	"github.com/spillway-go/spillway/app/playtest"
	"github.com/spillway-go/spillway/app/screen"
	"github.com/spillway-go/spillway/app/stage"
	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/lab/labtest"
	"github.com/spillway-go/spillway/broker/lab/scenario"
)

// The page is rendered without a browser here, where go-app's JavaScript is a
// stub: what a click does is tested as the message it sends.

// watched is a page that counts how often it is rendered.
type watched struct {
	Page
	renders int
}

func (w *watched) Render() app.UI { w.renders++; return w.Page.Render() }

// browser shows a page.
type browser struct {
	app.ClientDispatcher
	t    *testing.T
	page *watched
}

// open shows the page at a fragment, which may be empty.
func open(t *testing.T, fragment string) *browser {
	page := &watched{}
	b := &browser{app.NewClientTester(page), t, page}
	t.Cleanup(b.Close)
	b.visit(fragment)
	return b
}

func (b *browser) visit(fragment string) {
	b.Nav(&url.URL{Path: "/", Fragment: fragment})
	b.Consume()
}

// do runs f as an event of the page would, and lets the page render.
func (b *browser) do(f func(app.Context)) {
	b.Dispatch(app.Dispatch{Mode: app.Next, Source: b.page, Function: f})
	b.Consume()
}

func (b *browser) send(messages ...play.Msg) {
	for _, msg := range messages {
		b.do(func(ctx app.Context) { b.page.Send(ctx, msg) })
	}
}

// html is what the page shows.
func (b *browser) html() *domtest.Element { return domtest.Parse(b.t, app.HTMLString(b.page)) }

func TestThePageHasAllItsParts(t *testing.T) {
	page := open(t, "").html()
	for _, class := range []string{"app", "head", "side", "main", "rail", "stage", "transport", "tiles", "log", "notices", "timeline", "clock"} {
		if n := len(page.Class(class)); n != 1 {
			t.Errorf("there are %d elements of class %q", n, class)
		}
	}
	for _, tag := range []string{"header", "main", "h1"} {
		domtest.One(t, page.Tags(tag))
	}
	ids := map[string]int{}
	for _, e := range page.All(func(e *domtest.Element) bool { return e.Attrs["id"] != "" }) {
		ids[e.Attrs["id"]]++
	}
	for _, id := range []string{"app", screen.StageName, marksName, timeName, logbook.LogID} {
		if ids[id] != 1 {
			t.Errorf("there are %d elements with the ID %q", ids[id], id)
		}
	}
	for id, n := range ids {
		if n > 1 {
			t.Errorf("the ID %q is there %d times", id, n)
		}
	}
	for _, e := range page.All(func(e *domtest.Element) bool { return e.Attrs["aria-labelledby"] != "" }) {
		if ids[e.Attrs["aria-labelledby"]] != 1 {
			t.Errorf("the name %q of a %s is nowhere", e.Attrs["aria-labelledby"], e.Tag)
		}
	}
}

func TestEveryControlHasANameOfItsOwn(t *testing.T) {
	b := open(t, "")
	b.visit(scenario.Link(labtest.Many(4, 4, 3), 0)[1:])
	b.send(play.Notify{Notice: play.Notice{Text: "read this"}})
	names := map[string]bool{}
	controls := b.html().Tags("button", "input", "select")
	for _, e := range controls {
		name := e.Attrs["aria-label"]
		if name == "" && e.Tag == "button" {
			name = e.Text
		}
		if !strings.ContainsFunc(name, unicode.IsLetter) || names[name] {
			t.Errorf("a %s is called %q", e.Tag, name)
		}
		names[name] = true
		if e.Tag == "button" && e.Attrs["type"] != "button" {
			t.Errorf("the button %q has the type %q", name, e.Attrs["type"])
		}
	}
	if len(controls) < 25 {
		t.Errorf("there are only %d controls", len(controls))
	}
	for _, e := range b.html().Tags("canvas") {
		if e.Attrs["aria-hidden"] != "true" && (e.Attrs["role"] != "img" || e.Attrs["aria-label"] == "") {
			t.Errorf("the canvas %q has no name", e.Attrs["id"])
		}
	}
}

func TestTheSlidersShowTheSettingsOfTheMoment(t *testing.T) {
	b := open(t, "")
	type slider struct{ name, value, text string }
	sliders := func() (s []slider) {
		for _, e := range domtest.One(t, b.html().Class("side")).Tags("input") {
			if e.Attrs["type"] != "range" {
				continue
			}
			if e.Attrs["min"] != "0" {
				t.Errorf("%q is %v", e.Attrs["aria-label"], e.Attrs)
			}
			s = append(s, slider{e.Attrs["aria-label"], e.Attrs["value"], e.Attrs["aria-valuetext"]})
		}
		return s
	}
	stop := func(d time.Duration) string { return strconv.Itoa(slices.Index(panel.TimeStops, d)) }
	want := []slider{
		{"producer: time between two events", stop(time.Second), "1 s"},
		{"Buffer of each consumer", strconv.Itoa(slices.Index(panel.BufferStops, 3)), "3 events"},
		{"consumer: time for one event", stop(2 * time.Second), "2 s"},
		{"consumer: workers", "0", "1 worker"},
		{"consumer: attempts that fail", "0", "0 %"},
		{"Duration of the run", strconv.Itoa(slices.Index(panel.DurationStops, 10*time.Second)), "10 s"},
	}
	if got := sliders(); !slices.Equal(got, want) {
		t.Errorf("they are %v, want %v", got, want)
	}
	b.send(playtest.SetBuffer(1), playtest.SetService(b.page.model, 250*time.Millisecond))
	want[1].value, want[1].text = strconv.Itoa(slices.Index(panel.BufferStops, 1)), "1 event"
	want[2].value, want[2].text = stop(250*time.Millisecond), "250 ms"
	if got := sliders(); !slices.Equal(got, want) {
		t.Errorf("after a change they are %v, want %v", got, want)
	}
}

// pressed are the buttons of a group that are pressed.
func pressed(t *testing.T, group *domtest.Element) (texts []string) {
	for _, e := range group.Tags("button") {
		switch e.Attrs["aria-pressed"] {
		case "true":
			texts = append(texts, e.Text)
		case "false":
		default:
			t.Errorf("%q is neither pressed nor not", e.Text)
		}
	}
	return texts
}

func TestThePolicyAndTheSpeedInUseArePressed(t *testing.T) {
	b := open(t, "")
	check := func(policy, speed string) {
		t.Helper()
		if got := pressed(t, domtest.One(t, domtest.One(t, b.html().Class("question")).Class("chips"))); !slices.Equal(got, []string{policy}) {
			t.Errorf("of the policies %q are pressed", got)
		}
		if got := pressed(t, domtest.One(t, b.html().Class("speeds"))); !slices.Equal(got, []string{speed}) {
			t.Errorf("of the speeds %q are pressed", got)
		}
	}
	check("drop newest", "auto 1×")
	b.send(playtest.SetOverflow(broker.DropOldest), play.SetSpeed{Speed: play.Max})
	check("drop oldest", "max")
	b.send(play.LoadPreset{ID: "spill"})
	check("spill to repository", "auto 1×")
}

func TestANoticeIsAnnouncedAndCanBeDismissed(t *testing.T) {
	b := open(t, "")
	region := func() *domtest.Element { return domtest.One(t, b.html().Class("notices")) }
	if r := region(); r.Attrs["role"] != "status" || r.Text != "" {
		t.Errorf("at first it is %q: %q", r.Attrs["role"], r.Text)
	}
	b.send(play.Notify{Notice: play.Notice{Text: "a <b> & c"}})
	if r := region(); r.Attrs["role"] != "status" || !strings.Contains(r.Text, "a <b> & c") {
		t.Errorf("it is %q: %q", r.Attrs["role"], r.Text)
	}
	b.visit("1nonsense")
	if r := region(); r.Attrs["role"] != "alert" || !strings.Contains(r.Text, "can't be opened") || len(r.Class("error")) != 1 {
		t.Errorf("an error is %q: %q", r.Attrs["role"], r.Text)
	}
	b.do(func(ctx app.Context) { (&notice{To: b.page}).dismiss(ctx, app.Event{}) })
	if r := region(); r.Text != "" || len(r.Tags("button")) != 0 {
		t.Errorf("dismissed it is %q", r.Text)
	}
}

func TestTheTransportFollowsTheModel(t *testing.T) {
	b := open(t, "")
	button := func(label string) []*domtest.Element {
		return domtest.One(t, b.html().Class("transport")).All(func(e *domtest.Element) bool {
			return e.Tag == "button" && strings.HasPrefix(e.Attrs["aria-label"], label)
		})
	}
	disabled := func() bool { return domtest.One(t, button("Ctrl-C")).Attrs["disabled"] == "true" }
	if len(button("Pause")) != 1 || len(button("Play")) != 0 || disabled() {
		t.Error("while it plays it can't be paused or interrupted")
	}
	b.send(play.Toggle{})
	if len(button("Pause")) != 0 || len(button("Play")) != 1 {
		t.Error("while it is paused it can't be played")
	}
	b.send(play.Seek{At: 7200 * time.Millisecond})
	if clock := domtest.One(t, b.html().Class("clock")); clock.Text != "00:07.2 / 00:10.0" {
		t.Errorf("the clock shows %q", clock.Text)
	}
	b.send(playtest.Interrupt())
	if !disabled() {
		t.Error("at the end there is something to interrupt")
	}
	b.send(play.Restart{})
	if disabled() {
		t.Error("after a restart there is nothing to interrupt")
	}
}

func TestTheTilesShowTheNumbers(t *testing.T) {
	b := open(t, "")
	b.send(play.Seek{At: 10 * time.Second})
	var got []string
	for _, e := range domtest.One(t, b.html().Class("tiles")).Class("tile") {
		got = append(got, e.Text)
	}
	var want []string
	for _, n := range tilesOf(b.page.model.Moment(), b.page.judged.of(b.page.model.Moment())) {
		want = append(want, n.Name+n.More+n.Value)
	}
	if !slices.Equal(got, want) {
		t.Errorf("they are %q, want %q", got, want)
	}
}

func TestThePresetInUseIsSelected(t *testing.T) {
	b := open(t, "")
	selected := func() (texts []string) {
		for _, e := range domtest.One(t, b.html().Tags("select")).Tags("option") {
			if e.Attrs["selected"] == "true" {
				texts = append(texts, e.Text)
			}
		}
		return texts
	}
	options := len(scenario.Presets()) + 1 // and each keeps its place
	for _, p := range scenario.Presets() {
		b.send(play.LoadPreset{ID: p.ID})
		if n := len(domtest.One(t, b.html().Tags("select")).Tags("option")); n != options {
			t.Errorf("with %s there are %d", p.ID, n)
		}
		if got := selected(); !slices.Equal(got, []string{p.Title}) {
			t.Errorf("with %s selected are %q", p.ID, got)
		}
		if caption := domtest.One(t, b.html().Class("caption")); caption.Text != p.Caption {
			t.Errorf("the caption of %s is %q", p.ID, caption.Text)
		}
	}
	b.send(playtest.SetBuffer(7))
	last := scenario.Presets()[len(scenario.Presets())-1]
	if got := selected(); !slices.Equal(got, []string{last.Title + " · edited"}) {
		t.Errorf("after an edit selected are %q", got)
	}
	if caption := domtest.One(t, b.html().Class("caption")); caption.Text == last.Caption || !strings.Contains(caption.Text, "edited") {
		t.Errorf("after an edit the caption is %q", caption.Text)
	}
	b.visit(scenario.Link(labtest.Many(2, 2, 2), 0)[1:])
	if got := selected(); !slices.Equal(got, []string{"your own"}) {
		t.Errorf("with a link selected are %q", got)
	}
}

func TestALinkInTheAddressIsOpenedOnce(t *testing.T) {
	link := scenario.Link(labtest.Many(2, 2, 2), 3*time.Second)
	b := open(t, link[1:])
	if m := b.page.model; m.At() != 3*time.Second || m.Playing || len(m.Scenario.Producers) != 2 {
		t.Errorf("it opens %v of %+v", m.At(), m.Scenario)
	}
	b.send(play.Seek{At: time.Second})
	b.visit(link[1:])
	if at := b.page.model.At(); at != time.Second {
		t.Errorf("the same address moved it to %v", at)
	}
	b.visit("")
	if at := b.page.model.At(); at != time.Second {
		t.Errorf("an address without a link moved it to %v", at)
	}
}

func TestTheThemeButtonOffersTheOther(t *testing.T) {
	b := open(t, "")
	if b.page.theme != draw.Dark || draw.Dark.Other() != draw.Light || draw.Light.Other() != draw.Dark {
		t.Errorf("the theme is %q", b.page.theme)
	}
	b.do(func(ctx app.Context) { b.page.setTheme(ctx, draw.Light) })
	b.send(play.Pause{})
	named := b.html().All(func(e *domtest.Element) bool { return e.Attrs["aria-label"] == "Theme: switch to dark" })
	domtest.One(t, named)
}

// sent collects what components send.
type sent []play.Msg

func (s *sent) Send(_ app.Context, msg play.Msg) { *s = append(*s, msg) }

func TestAClickSendsItsMessage(t *testing.T) {
	var to sent
	(&transport{To: &to}).send(play.Step{By: -1})(nil, app.Event{})
	(&notice{To: &to}).dismiss(nil, app.Event{})
	if want := []play.Msg{play.Step{By: -1}, play.Notify{}}; !slices.Equal(to, want) {
		t.Errorf("they send %v", to)
	}
}

// go-app renders a component again where its fields are not deeply equal.
func TestNothingIsRenderedAgainWhenNothingHasChanged(t *testing.T) {
	p := &open(t, "").page.Page
	play.Update(p.model, play.Seek{At: 7200 * time.Millisecond})
	before := p.Render()
	if !reflect.DeepEqual(p.Render(), before) {
		t.Error("the same moment is rendered in another way")
	}
	play.Update(p.model, play.Seek{At: 8 * time.Second})
	if reflect.DeepEqual(p.Render(), before) {
		t.Error("another moment is rendered in the same way")
	}
}

func TestAQuietPageDoesNotRender(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := open(t, "")
		tick := func() int {
			before := b.page.renders
			time.Sleep(100 * time.Millisecond)
			b.do(func(ctx app.Context) { b.page.tick(ctx) })
			return b.page.renders - before
		}
		b.send(play.Pause{})
		tick() // the words of the stage
		for range 100 {
			if n := tick(); n != 0 {
				t.Fatalf("a tick renders %d times though nothing has changed", n)
			}
		}
		play.Update(b.page.model, play.Toggle{})
		for range 20 {
			playtest.Pass(b.page.model, 100*time.Millisecond)
			if n := tick(); n != 1 {
				t.Fatalf("while it plays a tick renders %d times", n)
			}
		}
		clock := domtest.One(t, b.html().Class("clock"))
		if want := format.Clock(b.page.model.At()) + " / 00:10.0"; clock.Text != want {
			t.Errorf("the clock shows %q, want %q", clock.Text, want)
		}
		play.Update(b.page.model, play.Seek{At: 10 * time.Second})
		play.Update(b.page.model, play.Pause{})
		tick()
		if status := domtest.One(t, domtest.One(t, b.html().Class("stage")).Class("sr")); status.Text != stage.Describe(b.page.model.Moment()) || status.Attrs["aria-live"] != "polite" {
			t.Errorf("the words are %q", status.Text)
		}
	})
}
