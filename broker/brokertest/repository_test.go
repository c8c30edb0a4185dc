package brokertest

import (
	"context"
	"errors"
	"testing"

	"github.com/spillway-go/spillway/broker"
)

func TestMemoryIsARepository(t *testing.T) {
	Repository(t, func(*testing.T) broker.Repository { return &broker.Memory{} })
}

// broken is a repository that gets one thing wrong.
type broken struct {
	*broker.Memory
	append func(*broken, context.Context, broker.Event, ...string) error
	read   func(*broken, context.Context, string, uint64, []broker.Stored) (int, error)
	commit func(*broken, context.Context, string, uint64) error
}

func (b *broken) Append(ctx context.Context, e broker.Event, streams ...string) error {
	if b.append != nil {
		return b.append(b, ctx, e, streams...)
	}
	return b.Memory.Append(ctx, e, streams...)
}

func (b *broken) Read(ctx context.Context, stream string, after uint64, into []broker.Stored) (int, error) {
	if b.read != nil {
		return b.read(b, ctx, stream, after, into)
	}
	return b.Memory.Read(ctx, stream, after, into)
}

func (b *broken) Commit(ctx context.Context, stream string, upTo uint64) error {
	if b.commit != nil {
		return b.commit(b, ctx, stream, upTo)
	}
	return b.Memory.Commit(ctx, stream, upTo)
}

func TestTheSuiteFindsWhatARepositoryGetsWrong(t *testing.T) {
	for name, wrong := range map[string]broken{
		"it loses an event": {append: func(b *broken, ctx context.Context, e broker.Event, streams ...string) error {
			if e.ID() == "3" {
				return nil
			}
			return b.Memory.Append(ctx, e, streams...)
		}},
		"it has one stream": {append: func(b *broken, ctx context.Context, e broker.Event, _ ...string) error {
			return b.Memory.Append(ctx, e, "s")
		}},
		"its positions are wrong": {read: func(b *broken, ctx context.Context, stream string, after uint64, into []broker.Stored) (int, error) {
			n, err := b.Memory.Read(ctx, stream, after, into)
			for i := range into[:n] {
				into[i].Position = 1
			}
			return n, err
		}},
		"it appends to the first stream alone": {append: func(b *broken, ctx context.Context, e broker.Event, streams ...string) error {
			return b.Memory.Append(ctx, e, streams[0])
		}},
		"it appends to some before it fails": {append: func(b *broken, ctx context.Context, e broker.Event, streams ...string) error {
			for i, stream := range streams {
				if i > 0 && ctx.Err() != nil {
					return context.Cause(ctx)
				}
				_ = b.Memory.Append(context.WithoutCancel(ctx), e, stream)
			}
			return nil
		}},
		"it does not know what was read before": {read: func(b *broken, ctx context.Context, stream string, after uint64, into []broker.Stored) (int, error) {
			n, err := b.Memory.Read(ctx, stream, after, into)
			for i := range into[:n] {
				into[i].Redelivered = false
			}
			return n, err
		}},
		"it reads from the first": {read: func(b *broken, ctx context.Context, stream string, _ uint64, into []broker.Stored) (int, error) {
			return b.Memory.Read(ctx, stream, 0, into)
		}},
		"it forgets nothing": {commit: func(*broken, context.Context, string, uint64) error { return nil }},
		"it forgets too much": {commit: func(b *broken, ctx context.Context, stream string, upTo uint64) error {
			return b.Memory.Commit(ctx, stream, upTo+1)
		}},
		"it asks no context": {append: func(b *broken, ctx context.Context, e broker.Event, streams ...string) error {
			return b.Memory.Append(context.WithoutCancel(ctx), e, streams...)
		}},
		"it stores no event": {append: func(b *broken, ctx context.Context, _ broker.Event, streams ...string) error {
			return b.Memory.Append(ctx, nil, streams...)
		}},
		"it reads more than it was asked for": {read: func(b *broken, ctx context.Context, stream string, after uint64, into []broker.Stored) (int, error) {
			return len(into) + 1, nil
		}},
	} {
		t.Run(name, func(t *testing.T) {
			found := 0
			for _, c := range checks {
				if c.says == "AllMayBeUsedAtOnce" {
					continue // it would wait
				}
				r := wrong
				r.Memory = new(broker.Memory)
				if c.check(store{t.Context(), &r}) != nil {
					found++
				}
			}
			if found == 0 {
				t.Error("nobody noticed")
			}
		})
	}
}

func TestAFaultyRepositoryFailsNowAndThen(t *testing.T) {
	memory := &broker.Memory{}
	f := Faulty{memory, Every(3)}
	failed := 0
	for n := range 3 {
		if err := f.Append(t.Context(), numbered(n), "s"); errors.Is(err, ErrFaulty) {
			failed++
		}
		if _, err := f.Read(t.Context(), "s", 0, make([]broker.Stored, 1)); errors.Is(err, ErrFaulty) {
			failed++
		}
		if err := f.Commit(t.Context(), "s", 0); errors.Is(err, ErrFaulty) {
			failed++
		}
	}
	if failed != 3 {
		t.Errorf("%d of 9 calls failed, want 3", failed)
	}
	if err := (store{t.Context(), memory}).wants("s", 0, 9, 0, 1, 2); err != nil {
		t.Error(err)
	}
}

// counter is a repository that counts, and may be mistaken.
type counter struct {
	*broker.Memory
	mistake uint64
}

func (c counter) Count(ctx context.Context, stream string, after uint64) (uint64, error) {
	n, err := c.Memory.Count(ctx, stream, after)
	return n + c.mistake, err
}

func TestTheSuiteLooksAtHowARepositoryCounts(t *testing.T) {
	for mistake := range uint64(2) {
		err := counts(store{t.Context(), counter{&broker.Memory{}, mistake}})
		if (err != nil) != (mistake != 0) {
			t.Errorf("with %d counted too many it says %v", mistake, err)
		}
	}
}
