package broker_test

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/spillway-go/spillway/broker"
)

// wicked is a repository that does what none may.
type wicked struct {
	broker.Memory
	append func()
	read   func(into []broker.Stored, n int) int
	reads  atomic.Bool // as it should
}

func (w *wicked) Immediate(struct{}) {}

func (w *wicked) Append(ctx context.Context, e broker.Event, streams ...string) error {
	if w.append != nil {
		w.append()
	}
	return w.Memory.Append(ctx, e, streams...)
}

func (w *wicked) Read(ctx context.Context, stream string, after uint64, into []broker.Stored) (int, error) {
	n, err := w.Memory.Read(ctx, stream, after, into)
	if w.read != nil && !w.reads.Load() {
		n = w.read(into, n)
	}
	return n, err
}

func TestARepositoryThatEndsThePublishersGoroutineHoldsUpNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wicked{append: runtime.Goexit}
		b, _ := openJournal(t, broker.Options{Repository: w})
		s := with(t, b, "s", broker.Spill, 1)
		publish(t, b, 0, 0)
		go func() { _ = b.Publish(context.Background(), event(1)) }()
		synctest.Wait()
		w.append = nil
		if err := b.Publish(timeout(t, time.Second), event(2)); err != nil {
			t.Errorf("the next publisher gets %v", err)
		}
		wantEvents(t, takeAll(s), 0, 2)
	})
}

func TestWhatARepositoryReadsAndHasNotIsAnErrorOfIt(t *testing.T) {
	for name, read := range map[string]func([]broker.Stored, int) int{
		"more than fits": func(into []broker.Stored, _ int) int { return cap(into) + 1 },
		"less than none": func([]broker.Stored, int) int { return -1 },
		"nothing":        func(into []broker.Stored, n int) int { into[0].Event = nil; return n },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := &wicked{read: read}
				b, j := openJournal(t, broker.Options{Repository: w})
				s := with(t, b, "s", broker.Spill, 1)
				publish(t, b, 0, 1)
				wantEvents(t, takeAll(s), 0)
				if !strings.Contains(fmt.Sprint(j.take()), "s repository: ") {
					t.Error("the trace is told nothing")
				}
				w.reads.Store(true)
				time.Sleep(time.Second)
				wantEvents(t, takeAll(s), 1)
			})
		})
	}
}
