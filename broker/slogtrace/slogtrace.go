// Package slogtrace writes what happens in a broker as lines of log/slog.
package slogtrace

import (
	"context"
	"log/slog"
	"time"

	"github.com/spillway-go/spillway/broker"
)

// New is a trace that writes to the logger: what is lost at level Error, what is dropped,
// refused or fails at Warn, what goes its way at Debug. It writes inside of the broker's
// critical section, so the logger's handler should be quick, and may not call the broker.
func New(to *slog.Logger) broker.Trace {
	l := lines{to}
	return broker.Trace{
		Buffered: func(s *broker.Subscription, e broker.Event, depth int) {
			l.event(slog.LevelDebug, "event waits", s, e, slog.Int("depth", depth))
		},
		Delivered: func(s *broker.Subscription, e broker.Event, depth int) {
			l.event(slog.LevelDebug, "event delivered", s, e, slog.Int("depth", depth))
		},
		Dropped: func(s *broker.Subscription, e broker.Event, why broker.DropReason, depth int) {
			l.event(slog.LevelWarn, "event dropped", s, e, slog.String("reason", why.String()), slog.Int("depth", depth))
		},
		Rejected: func(s *broker.Subscription, e broker.Event) {
			l.event(slog.LevelWarn, "event rejected", s, e)
		},
		Unrouted: func(e broker.Event) {
			l.line(slog.LevelWarn, "event selected by nobody", slog.String("event", e.ID()))
		},
		Blocked: func(s *broker.Subscription, e broker.Event) {
			l.event(slog.LevelDebug, "publisher waits", s, e)
		},
		Spilled: func(s *broker.Subscription, e broker.Event, backlog uint64) {
			l.event(slog.LevelDebug, "event spilled", s, e, slog.Uint64("backlog", backlog))
		},
		Refilled: func(s *broker.Subscription, e broker.Event, depth int) {
			l.event(slog.LevelDebug, "event read back", s, e, slog.Int("depth", depth))
		},
		Recovered: func(s *broker.Subscription, backlog uint64) {
			l.line(slog.LevelInfo, "backlog found", slog.String("subscription", s.Name()), slog.Uint64("backlog", backlog))
		},
		RepositoryFailed: func(s *broker.Subscription, err error) {
			l.line(slog.LevelError, "repository failed", slog.String("subscription", s.Name()), failure(err))
		},
		Handled: func(s *broker.Subscription, e broker.Event, attempt int) {
			l.event(slog.LevelDebug, "event handled", s, e, slog.Int("attempt", attempt))
		},
		Failed: func(s *broker.Subscription, e broker.Event, attempt int, err error, retryIn time.Duration) {
			if retryIn >= 0 {
				l.event(slog.LevelWarn, "attempt failed", s, e, slog.Int("attempt", attempt), failure(err), slog.Duration("retry_in", retryIn))
			} else {
				l.event(slog.LevelWarn, "last attempt failed", s, e, slog.Int("attempt", attempt), failure(err))
			}
		},
		Interrupted: func(s *broker.Subscription, e broker.Event, err error, depth int) {
			l.event(slog.LevelInfo, "attempt interrupted", s, e, failure(err), slog.Int("depth", depth))
		},
		DeadLettered: func(s *broker.Subscription, e broker.Event, err error) {
			l.event(slog.LevelError, "event dead-lettered", s, e, failure(err))
		},
		Abandoned: func(s *broker.Subscription, e broker.Event, err error) {
			l.event(slog.LevelError, "event abandoned", s, e, failure(err))
		},
	}
}

type lines struct{ to *slog.Logger }

func (l lines) event(level slog.Level, what string, s *broker.Subscription, e broker.Event, more ...slog.Attr) {
	if l.to.Enabled(context.Background(), level) {
		l.line(level, what, append([]slog.Attr{slog.String("subscription", s.Name()), slog.String("event", e.ID())}, more...)...)
	}
}

func (l lines) line(level slog.Level, what string, attrs ...slog.Attr) {
	l.to.LogAttrs(context.Background(), level, what, attrs...)
}

func failure(err error) slog.Attr { return slog.Any("error", err) }
