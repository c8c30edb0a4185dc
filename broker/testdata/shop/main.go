// Command shop is the program of the README: a signal ends it, and every mail is sent.
package main

import (
	"context"
	"fmt"
	"log"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/slogtrace"
)

type OrderPlaced struct{ Number int }

func sendMail(ctx context.Context, o OrderPlaced) error {
	fmt.Println("writing a mail for order", o.Number)
	select {
	case <-time.After(50 * time.Millisecond):
		fmt.Println("sent the mail for order", o.Number)
		return nil
	case <-ctx.Done(): // Shutdown has no more time
		return context.Cause(ctx)
	}
}

func run() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	b, err := broker.New(broker.Options{Trace: slogtrace.New(slog.Default())})
	if err != nil {
		return err
	}
	if _, err := broker.Handle(b, "mail", sendMail, broker.Buffer(64), broker.Attempts(3)); err != nil {
		return err
	}

	for n := range 6 { // or whatever a team's program does all day
		if err := b.Publish(ctx, broker.NewEvent(OrderPlaced{n})); err != nil {
			return err
		}
	}
	<-ctx.Done() // the signal

	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return b.Shutdown(ctx) // all that waits is handled before
}

func main() {
	if err := run(); err != nil {
		log.Fatal(err)
	}
}
