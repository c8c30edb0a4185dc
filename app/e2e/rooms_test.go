package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"testing"
)

// answers waits until the page shows that it lives: its button for playing plays, and the time goes on until
// it is paused or the run has ended.
func (p *page) answers(document string) {
	p.t.Helper()
	const pause = `%s.querySelector('.transport [aria-label="Pause"]')?.click()`
	const play = `(() => { const b = %s.querySelector('.transport [aria-label="Play"]'); b?.click(); return b; })()`
	p.waitFor(fmt.Sprintf(pause+`, %s.querySelector('.transport [aria-label="Play"]')`, document, document))
	before := get[string](p, document+`.querySelector(".clock").innerText`)
	p.waitFor(fmt.Sprintf(play, document))
	p.waitFor(fmt.Sprintf(`%s.querySelector(".clock").innerText !== %s`, document, quote(before)))
	p.waitFor(fmt.Sprintf(pause+`, %s.querySelector('.transport [aria-label="Play"]')`, document, document))
}

// drawn says whether there is anything but one colour on the stage.
const drawn = `(() => {
	const stage = %s.querySelector("#stage");
	if (!stage?.width || !stage.height) return false;
	const copy = new OffscreenCanvas(100, 100).getContext("2d", { willReadFrequently: true });
	copy.drawImage(stage, 0, 0, 100, 100);
	const { data } = copy.getImageData(0, 0, 100, 100);
	return data.some((v, i) => v !== data[i & 3]);
})()`

func TestAWindowOfAnySizeLeavesThePageAliveAndTheStageVisible(t *testing.T) {
	t.Parallel()
	p := open(t, 1440, 900, "dark", "")
	for _, size := range []struct{ width, height int }{
		{1280, 296}, {1280, 100}, {1200, 40}, {1181, 200}, {1024, 80}, {760, 30}, {320, 10}, {1, 1}, {1, 900}, {4000, 60}, {9000, 9000}, {1440, 900},
	} {
		p.resize(size.width, size.height)
		p.tick()
		p.answers("document")
		if got := get[float64](p, `document.querySelector(".stage").clientHeight`); got < 200 {
			t.Errorf("in a window of %d×%d the stage has a height of %v", size.width, size.height, got)
		}
	}
	p.waitFor(fmt.Sprintf(drawn, "document"))
}

func TestALowWindowScrollsToAllOfThePage(t *testing.T) {
	t.Parallel()
	p := open(t, 1280, 296, "dark", classic+"@8.5s")
	p.waitFor(fmt.Sprintf(drawn, "document"))
	p.waitFor(`document.documentElement.scrollHeight > innerHeight`)
	p.shot("low")
	p.do(evaluate(`document.querySelector(".charts").scrollIntoView({ block: "end" })`))
	p.waitFor(`document.querySelector(".charts").getBoundingClientRect().bottom <= innerHeight + 1`)
	p.nothingOverflows()
}

// around serves a page around frames of the real one, all from the same origin.
func around(t *testing.T, body string) string {
	t.Helper()
	target, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(target)
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/host" {
			proxy.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, `<!doctype html><link rel="icon" href="data:,">`+body)
	}))
	t.Cleanup(site.Close)
	return site.URL + "/host"
}

func TestAFrameThatNobodySeesComesAliveWhenItIsShown(t *testing.T) {
	t.Parallel()
	src := `src="/?embed=1#` + classic + `"`
	for _, test := range []struct{ name, body, show, hide string }{
		{
			"without a width", `<iframe ` + src + ` width="0" height="420"></iframe>`,
			`document.querySelector("iframe").width = 700`, `document.querySelector("iframe").width = 0`,
		},
		{
			"without a height", `<iframe ` + src + ` width="700" height="0"></iframe>`,
			`document.querySelector("iframe").height = 420`, `document.querySelector("iframe").height = 0`,
		},
		{
			"not displayed", `<iframe ` + src + ` width="700" height="420" style="display: none"></iframe>`,
			`document.querySelector("iframe").style.display = "block"`, `document.querySelector("iframe").style.display = "none"`,
		},
		{
			"in closed details", `<details><iframe ` + src + ` width="700" height="420"></iframe></details>`,
			`document.querySelector("details").open = true`, `document.querySelector("details").open = false`,
		},
		{
			"40 pixels high", `<iframe ` + src + ` width="1200" height="40"></iframe>`,
			`document.querySelector("iframe").height = 420`, `document.querySelector("iframe").height = 40`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := blank(t, 1300, 700, "dark")
			p.visit(around(t, test.body))
			const frame = "document.querySelector('iframe').contentDocument"
			p.waitFor(frame + `?.documentElement.dataset.boot === "running"`)
			p.tick()
			for range 2 {
				p.do(evaluate(test.show))
				p.waitFor(fmt.Sprintf(drawn, frame))
				p.answers(frame)
				p.do(evaluate(test.hide))
				p.tick()
			}
		})
	}
}
