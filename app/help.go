package app

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"github.com/spillway-go/spillway/app/dom"
)

// help is the sheet of shortcuts, and what the pictures mean.
type help struct {
	app.Compo

	Version string
}

func (h *help) Render() app.UI { return dom.Contained(dom.TheDialog, "", h.render) }

func (h *help) render() app.UI {
	groups := sheet()
	return dom.El("div", "help",
		dom.Text("p", "", "Producers publish events, every subscriber has a small bounded buffer, and a slow consumer makes the broker protect itself. All of it is the real broker, run on a virtual clock: change anything while it runs, scrub back, and share a link that brings back exactly what you see."),
		dom.El("div", "keys",
			dom.RangeOf(len(groups), func(i int) app.UI {
				g := groups[i]
				return dom.El("section", "",
					dom.Text("h3", "", g.title),
					dom.El("dl", "", dom.RangeOf(len(g.all), func(k int) app.UI {
						s := g.all[k]
						return dom.El("div", "", dom.El("dt", "", dom.Text("kbd", "", s.label)), dom.Text("dd", "", s.says))
					})),
				)
			}),
		),
		dom.Text("h3", "", "What you see"),
		dom.El("ul", "",
			dom.Text("li", "", "A point is an event, with its number. In a buffer the next to leave is at the right."),
			dom.Text("li", "", "The ring of a consumer is how far it is with its event; a ring is a worker."),
			dom.Text("li", "", "On the time line, red strokes are losses, violet points what you changed, white squares your marks."),
			dom.Text("li", "", "Click a producer, a consumer, a buffer or an event to see what it is, and why it was dropped."),
		),
		dom.Text("p", "hint", h.Version),
	)
}
