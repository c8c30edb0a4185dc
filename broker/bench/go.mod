// The broker measured beside its peers, in a module of its own: what needs Spillway needs none of them.
module test/bench

go 1.25.0

require (
	github.com/ThreeDotsLabs/watermill v1.5.1
	github.com/cskr/pubsub/v2 v2.0.2
	github.com/kelindar/event v1.5.2
	github.com/moby/pubsub v1.0.0
	github.com/spillway-go/spillway v0.0.0
	github.com/teivah/broadcast v0.1.0
)

require (
	github.com/google/uuid v1.6.0 // indirect
	github.com/lithammer/shortuuid/v3 v3.0.7 // indirect
	github.com/oklog/ulid v1.3.1 // indirect
	github.com/pkg/errors v0.9.1 // indirect
)

replace github.com/spillway-go/spillway => ../..
