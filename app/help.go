package app

import "github.com/maxence-charriere/go-app/v9/pkg/app"

// help is the sheet of shortcuts, and what the pictures mean.
type help struct {
	app.Compo

	Version string
}

func (h *help) Render() app.UI { return contained(theDialog, "", h.render) }

func (h *help) render() app.UI {
	groups := sheet()
	return el("div", "help",
		text("p", "", "Producers publish events, every subscriber has a small bounded buffer, and a slow consumer makes the broker protect itself. All of it is the real broker, run on a virtual clock: change anything while it runs, scrub back, and share a link that brings back exactly what you see."),
		el("div", "keys",
			rangeOf(len(groups), func(i int) app.UI {
				g := groups[i]
				return el("section", "",
					text("h3", "", g.title),
					el("dl", "", rangeOf(len(g.all), func(k int) app.UI {
						s := g.all[k]
						return el("div", "", el("dt", "", text("kbd", "", s.label)), text("dd", "", s.says))
					})),
				)
			}),
		),
		text("h3", "", "What you see"),
		el("ul", "",
			text("li", "", "A point is an event, with its number. In a buffer the next to leave is at the right."),
			text("li", "", "The ring of a consumer is how far it is with its event; a ring is a worker."),
			text("li", "", "On the time line, red strokes are losses, violet points what you changed, white squares your marks."),
			text("li", "", "Click a producer, a consumer, a buffer or an event to see what it is, and why it was dropped."),
		),
		text("p", "hint", h.Version),
	)
}
