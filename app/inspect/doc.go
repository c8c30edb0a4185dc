// Package inspect tells of what is looked at: the story of an event, why it fell and what would have
// kept it, and the state of an actor, as a card.
package inspect
