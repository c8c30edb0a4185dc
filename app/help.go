package app

import "github.com/maxence-charriere/go-app/v9/pkg/app"

// help is the sheet of shortcuts, and what the pictures mean.
type help struct{ app.Compo }

func (h *help) Render() app.UI {
	groups := sheet()
	return app.Elem("div").Class("help").Body(
		app.Elem("p").Text("Producers publish events, every subscriber has a small bounded buffer, and a slow consumer makes the broker protect itself. All of it is the real broker, run on a virtual clock: change anything while it runs, scrub back, and share a link that brings back exactly what you see."),
		app.Elem("div").Class("keys").Body(
			app.Range(groups).Slice(func(i int) app.UI {
				g := groups[i]
				return app.Elem("section").Body(
					app.Elem("h3").Text(g.title),
					app.Elem("dl").Body(app.Range(g.all).Slice(func(k int) app.UI {
						s := g.all[k]
						return app.Elem("div").Body(app.Elem("dt").Body(app.Elem("kbd").Text(s.label)), app.Elem("dd").Text(s.says))
					})),
				)
			}),
		),
		app.Elem("h3").Text("What you see"),
		app.Elem("ul").Body(
			app.Elem("li").Text("A point is an event, with its number. In a buffer the next to leave is at the right."),
			app.Elem("li").Text("The ring of a consumer is how far it is with its event; a ring is a worker."),
			app.Elem("li").Text("On the time line, red strokes are losses, violet points what you changed, white squares your marks."),
			app.Elem("li").Text("Click a producer, a consumer, a buffer or an event to see what it is, and why it was dropped."),
		),
	)
}
