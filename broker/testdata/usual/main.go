// Command usual gives the context that a signal ends to Consume too.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"github.com/spillway-go/spillway/broker"
)

type signedUp int

func (e signedUp) ID() string            { return strconv.Itoa(int(e)) }
func (e signedUp) HappenedOn() time.Time { return time.Date(2021, 11, 1, 11, 11, int(e), 0, time.UTC) }

// welcome takes a while, and returns at once when its context ends.
func welcome(ctx context.Context, e broker.Event) error {
	fmt.Println("writing to", e.ID())
	select {
	case <-time.After(50 * time.Millisecond):
		fmt.Println("welcomed", e.ID())
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	b, _ := broker.New(broker.Options{})
	mailer, _ := b.Subscribe(broker.SubscribeOptions{Name: "mailer", Buffer: 100})
	go mailer.Consume(ctx, welcome, broker.ConsumeOptions{})

	for n := range 6 {
		_ = b.Publish(ctx, signedUp(n))
	}
	<-ctx.Done() // the signal: handlers at work are told

	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := b.Shutdown(ctx); err != nil { // what waits is handled before
		fmt.Println(err)
	}
}
