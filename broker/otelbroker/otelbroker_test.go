package otelbroker_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/spillway-go/spillway/broker"
	"github.com/spillway-go/spillway/broker/otelbroker"
)

type orderPlaced struct{ Number int }
type orderPaid struct{ Number int }

// watched is a broker, and what OpenTelemetry is told of it.
type watched struct {
	*broker.Broker
	spans  *tracetest.SpanRecorder
	tracer trace.Tracer
	reader *metric.ManualReader
}

func watch(t *testing.T) watched {
	t.Helper()
	w := watched{spans: tracetest.NewSpanRecorder(), reader: metric.NewManualReader()}
	tracers := sdk.NewTracerProvider(sdk.WithSpanProcessor(w.spans))
	w.tracer = tracers.Tracer("test")
	to, err := otelbroker.New(tracers, metric.NewMeterProvider(metric.WithReader(w.reader)))
	if err == nil {
		w.Broker, err = broker.New(broker.Options{Buffer: 1, Trace: to})
	}
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// span is the one of that name that has ended.
func (w watched) span(t *testing.T, name string) sdk.ReadOnlySpan {
	t.Helper()
	var found []sdk.ReadOnlySpan
	for _, s := range w.spans.Ended() {
		if s.Name() == name {
			found = append(found, s)
		}
	}
	if len(found) != 1 {
		t.Fatalf("there are %d spans %q", len(found), name)
	}
	return found[0]
}

// points are those of a metric, as text.
func (w watched) points(t *testing.T, name string) (points []string) {
	t.Helper()
	var all metricdata.ResourceMetrics
	if err := w.reader.Collect(t.Context(), &all); err != nil {
		t.Fatal(err)
	}
	for _, scope := range all.ScopeMetrics {
		for _, m := range scope.Metrics {
			if m.Name != name {
				continue
			}
			switch data := m.Data.(type) {
			case metricdata.Sum[int64]:
				for _, p := range data.DataPoints {
					points = append(points, fmt.Sprint(p.Value, " ", text(p.Attributes.ToSlice())))
				}
			case metricdata.Histogram[float64]:
				for _, p := range data.DataPoints {
					points = append(points, fmt.Sprint(p.Count, " ", text(p.Attributes.ToSlice())))
				}
			}
		}
	}
	slices.Sort(points)
	return points
}

func text(attributes []attribute.KeyValue) string {
	var all []string
	for _, a := range attributes {
		all = append(all, fmt.Sprint(a.Key, "=", a.Value.String()))
	}
	slices.Sort(all)
	return fmt.Sprint(all)
}

func TestATraceGoesFromThePublisherThroughHandlersThatPublish(t *testing.T) {
	w := watch(t)
	done := make(chan struct{})
	_, err := broker.Handle(w.Broker, "orders", func(ctx context.Context, o orderPlaced) error {
		_, inside := w.tracer.Start(ctx, "database")
		inside.End()
		return w.Publish(ctx, broker.NewEvent(orderPaid(o)).With(broker.Attributes{Topic: "paid"}))
	})
	if err == nil {
		_, err = broker.Handle(w.Broker, "mail", func(context.Context, orderPaid) error { close(done); return nil })
	}
	if err != nil {
		t.Fatal(err)
	}
	ctx, request := w.tracer.Start(t.Context(), "request")
	e := broker.NewEvent(orderPlaced{1}).With(broker.Attributes{ID: "7", Topic: "placed"})
	if err := w.Publish(ctx, e); err != nil {
		t.Fatal(err)
	}
	request.End()
	<-done
	if err := w.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, line := range [][2]string{
		{"publish placed", "request"}, {"process placed", "publish placed"}, {"database", "process placed"},
		{"publish paid", "process placed"}, {"process paid", "publish paid"},
	} {
		child, parent := w.span(t, line[0]), w.span(t, line[1])
		if child.Parent().SpanID() != parent.SpanContext().SpanID() || child.SpanContext().TraceID() != request.SpanContext().TraceID() {
			t.Errorf("%s is no child of %s", line[0], line[1])
		}
	}
	published, processed := w.span(t, "publish placed"), w.span(t, "process placed")
	if published.SpanKind() != trace.SpanKindProducer || processed.SpanKind() != trace.SpanKindConsumer {
		t.Errorf("the kinds are %v and %v", published.SpanKind(), processed.SpanKind())
	}
	if links := processed.Links(); len(links) != 1 || links[0].SpanContext.SpanID() != published.SpanContext().SpanID() {
		t.Errorf("the links are %v", links)
	}
	want := "[messaging.destination.name=placed messaging.message.id=7 messaging.operation.name=publish messaging.operation.type=send messaging.system=spillway]"
	if got := text(published.Attributes()); got != want {
		t.Errorf("the attributes are %s, want %s", got, want)
	}
	want = "[messaging.consumer.group.name=orders messaging.destination.name=placed messaging.message.id=7 messaging.operation.name=process messaging.operation.type=process messaging.system=spillway spillway.attempt=1]"
	if got := text(processed.Attributes()); got != want {
		t.Errorf("the attributes are %s, want %s", got, want)
	}
	for name, want := range map[string][]string{
		"messaging.client.sent.messages": {
			"1 [messaging.destination.name=paid messaging.operation.name=publish messaging.system=spillway]",
			"1 [messaging.destination.name=placed messaging.operation.name=publish messaging.system=spillway]",
		},
		"messaging.client.consumed.messages": {
			"1 [messaging.consumer.group.name=mail messaging.destination.name=paid messaging.operation.name=receive messaging.system=spillway]",
			"1 [messaging.consumer.group.name=orders messaging.destination.name=placed messaging.operation.name=receive messaging.system=spillway]",
		},
		"messaging.process.duration": {
			"1 [messaging.consumer.group.name=mail messaging.destination.name=paid messaging.operation.name=process messaging.system=spillway]",
			"1 [messaging.consumer.group.name=orders messaging.destination.name=placed messaging.operation.name=process messaging.system=spillway]",
		},
	} {
		if got := w.points(t, name); !slices.Equal(got, want) {
			t.Errorf("%s has the points %q", name, got)
		}
	}
}

func TestWhatFailsOrIsDroppedIsTold(t *testing.T) {
	w := watch(t)
	_, err := broker.Handle(w.Broker, "mail", func(context.Context, orderPlaced) error { return errors.New("no network") })
	if err != nil {
		t.Fatal(err)
	}
	slow, err := w.Subscribe(broker.SubscribeOptions{Name: "slow"})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := w.TryPublish(broker.NewEvent(orderPaid{1}).With(broker.Attributes{Topic: "paid"})); err != nil {
			t.Fatal(err)
		}
	}
	if want := []string{"1 [messaging.consumer.group.name=slow messaging.destination.name=paid messaging.system=spillway spillway.reason=full]"}; !slices.Equal(w.points(t, "spillway.dropped.messages"), want) {
		t.Errorf("dropped were %q", w.points(t, "spillway.dropped.messages"))
	}
	slow.Close()
	if err := w.TryPublish(broker.NewEvent(orderPlaced{1}).With(broker.Attributes{Topic: "placed"})); err != nil {
		t.Fatal(err)
	}
	if err := w.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := w.TryPublish(broker.NewEvent(orderPlaced{2}).With(broker.Attributes{Topic: "late"})); !errors.Is(err, broker.ErrClosed) {
		t.Fatal(err)
	}
	for name, kind := range map[string]string{"process placed": "_OTHER", "publish late": "closed"} {
		s := w.span(t, name)
		if s.Status().Code != codes.Error || !slices.Contains(s.Attributes(), attribute.String("error.type", kind)) {
			t.Errorf("%s is %v with %s", name, s.Status(), text(s.Attributes()))
		}
	}
}

func TestTheGlobalProvidersAreTheDefault(t *testing.T) {
	to, err := otelbroker.New(nil, nil)
	if err != nil || to.Publishing == nil || to.Handling == nil {
		t.Errorf("the trace is %+v: %v", to, err)
	}
}
