// Package otelbroker makes OpenTelemetry's messaging spans and metrics of what happens in
// a broker, by the semantic conventions 1.41.
//
//	trace, err := otelbroker.New(nil, nil) // the global providers
//	b, err := broker.New(broker.Options{Trace: trace})
//
// A span of kind producer covers each Publish, and one of kind consumer each attempt of a
// handler: a child of the former, also where that has ended, with the handler's context
// below it. What a handler does with its context is part of the trace, and so is what it
// publishes. The metrics are messaging.client.sent.messages,
// messaging.client.consumed.messages, messaging.process.duration and
// spillway.dropped.messages.
package otelbroker

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	semconv "go.opentelemetry.io/otel/semconv/v1.41.0"
	"go.opentelemetry.io/otel/semconv/v1.41.0/messagingconv"
	"go.opentelemetry.io/otel/trace"

	"github.com/spillway-go/spillway/broker"
)

const (
	name   = "github.com/spillway-go/spillway/broker/otelbroker"
	system = messagingconv.SystemAttr("spillway")

	publish = "publish"
	receive = "receive"
	process = "process"
)

// New is a trace that tells those providers; nil means the global one. Join it with
// others by broker.JoinTraces.
func New(spans trace.TracerProvider, metrics metric.MeterProvider) (broker.Trace, error) {
	if spans == nil {
		spans = otel.GetTracerProvider()
	}
	if metrics == nil {
		metrics = otel.GetMeterProvider()
	}
	t := telemetry{tracer: spans.Tracer(name, trace.WithSchemaURL(semconv.SchemaURL))}
	meter := metrics.Meter(name, metric.WithSchemaURL(semconv.SchemaURL))
	var errs [4]error
	t.sent, errs[0] = messagingconv.NewClientSentMessages(meter)
	t.consumed, errs[1] = messagingconv.NewClientConsumedMessages(meter)
	t.duration, errs[2] = messagingconv.NewProcessDuration(meter)
	t.dropped, errs[3] = meter.Int64Counter("spillway.dropped.messages",
		metric.WithUnit("{message}"), metric.WithDescription("Number of messages a subscription dropped, by reason."))
	if err := errors.Join(errs[:]...); err != nil {
		return broker.Trace{}, fmt.Errorf("otelbroker: %w", err)
	}
	return broker.Trace{Publishing: t.publishing, Handling: t.handling, Delivered: t.delivered, Dropped: t.lost}, nil
}

type telemetry struct {
	tracer   trace.Tracer
	sent     messagingconv.ClientSentMessages
	consumed messagingconv.ClientConsumedMessages
	duration messagingconv.ProcessDuration
	dropped  metric.Int64Counter
}

func (t telemetry) publishing(ctx context.Context, e broker.Event) (context.Context, func(error)) {
	topic := topicOf(e)
	ctx, span := t.tracer.Start(ctx, spanName(publish, topic), trace.WithSpanKind(trace.SpanKindProducer),
		trace.WithAttributes(about(e, topic, publish, semconv.MessagingOperationTypeSend)...))
	return ctx, func(err error) {
		t.sent.Add(ctx, 1, publish, system, outcome(err, destination(topic)...)...)
		end(span, err)
	}
}

func (t telemetry) handling(ctx context.Context, s *broker.Subscription, e broker.Event, attempt int) (context.Context, func(error)) {
	topic, began := topicOf(e), time.Now()
	options := []trace.SpanStartOption{
		trace.WithSpanKind(trace.SpanKindConsumer),
		trace.WithAttributes(about(e, topic, process, semconv.MessagingOperationTypeProcess)...),
		trace.WithAttributes(group(s), attribute.Int("spillway.attempt", attempt)),
	}
	if published := trace.SpanContextFromContext(ctx); published.IsValid() {
		options = append(options, trace.WithLinks(trace.Link{SpanContext: published}))
	}
	ctx, span := t.tracer.Start(ctx, spanName(process, topic), options...)
	return ctx, func(err error) {
		t.duration.Record(ctx, time.Since(began).Seconds(), process, system, outcome(err, append(destination(topic), group(s))...)...)
		end(span, err)
	}
}

func (t telemetry) delivered(s *broker.Subscription, e broker.Event, _ int) {
	t.consumed.Add(context.Background(), 1, receive, system, append(destination(topicOf(e)), group(s))...)
}

func (t telemetry) lost(s *broker.Subscription, e broker.Event, why broker.DropReason, _ int) {
	attributes := append(destination(topicOf(e)), group(s), attribute.String("messaging.system", string(system)),
		attribute.String("spillway.reason", why.String()))
	t.dropped.Add(context.Background(), 1, metric.WithAttributes(attributes...))
}

// about is what a span says of an event.
func about(e broker.Event, topic, operation string, kind attribute.KeyValue) []attribute.KeyValue {
	return append(destination(topic), semconv.MessagingSystemKey.String(string(system)),
		semconv.MessagingOperationName(operation), kind, semconv.MessagingMessageID(e.ID()))
}

func destination(topic string) []attribute.KeyValue {
	if topic == "" {
		return nil
	}
	return []attribute.KeyValue{semconv.MessagingDestinationName(topic)}
}

func group(s *broker.Subscription) attribute.KeyValue {
	return semconv.MessagingConsumerGroupName(s.Name())
}

func topicOf(e broker.Event) string {
	if t, ok := e.(broker.Topical); ok {
		return t.Topic()
	}
	return ""
}

func spanName(operation, topic string) string {
	if topic == "" {
		return operation
	}
	return operation + " " + topic
}

// outcome adds the kind of the error, if there is one: as few kinds as metrics need.
func outcome(err error, attributes ...attribute.KeyValue) []attribute.KeyValue {
	if err == nil {
		return attributes
	}
	return append(attributes, errorType(err))
}

func errorType(err error) attribute.KeyValue {
	var panicked *broker.PanicError
	kind := "_OTHER"
	switch {
	case errors.As(err, &panicked):
		kind = "panic"
	case errors.Is(err, broker.ErrFull):
		kind = "full"
	case errors.Is(err, broker.ErrClosed):
		kind = "closed"
	case errors.Is(err, broker.ErrWouldBlock):
		kind = "would_block"
	case errors.Is(err, context.Canceled):
		kind = "canceled"
	case errors.Is(err, context.DeadlineExceeded):
		kind = "timeout"
	}
	return semconv.ErrorTypeKey.String(kind)
}

func end(span trace.Span, err error) {
	if err != nil {
		span.RecordError(err)
		span.SetStatus(codes.Error, err.Error())
		span.SetAttributes(errorType(err))
	}
	span.End()
}
