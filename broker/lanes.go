package broker

// lanes keep the events of one key in order, where ConsumeOptions.OrderBy asks for that:
// one of a key is with a worker, those behind it wait for their turn. Since they need no
// worker, events of other keys pass them, as long as there are no more of them than a
// limit. The broker's lock guards it all.
type lanes struct {
	behind map[string][]*worker // by key, while one of it is with a worker
	count  int                  // of all that are behind
}

// limit is how many events may be behind others and take no worker from those of other
// keys: as many again as the buffer holds, and one a worker at least.
func (c *consumption) limit() int { return max(c.sub.buffer, c.options.Workers) }

// engaged is how many workers can begin nothing now.
func (c *consumption) engaged() int {
	if c.lanes.count == 0 { // so it is mostly
		return c.sub.active
	}
	return c.sub.active - min(c.lanes.count, c.limit())
}

// held is how many workers wait for another one, since the limit is reached.
func (c *consumption) held() int { return max(0, c.lanes.count-c.limit()) }

// beginInOrder is begin for an event whose turn may come later.
func (c *consumption) beginInOrder(e Event) {
	w := c.take(e)
	w.key = c.options.OrderBy(bare(e))
	lane, taken := c.lanes.behind[w.key]
	if !taken {
		if w.key != "" {
			if c.lanes.behind == nil {
				c.lanes.behind = make(map[string][]*worker)
			}
			c.lanes.behind[w.key] = nil
		}
		c.sub.broker.pool.add(attempt{of: c, again: w})
		return
	}
	w.state = behind
	c.lanes.behind[w.key] = append(lane, w)
	if c.lanes.count++; c.held() == 0 {
		c.sub.idle++ // it was taken for this event, which does not need it yet
	}
}

// passOn lets the next event of the same key begin.
func (w *worker) passOn() {
	if w.key != "" { // split so that the fast path inlines
		w.passKeyOn()
	}
}

func (w *worker) passKeyOn() {
	c, key := w.of, w.key
	w.key = ""
	lane := c.lanes.behind[key]
	if len(lane) == 0 {
		delete(c.lanes.behind, key)
		return
	}
	next := lane[0]
	lane[0] = nil
	c.lanes.behind[key] = lane[1:]
	c.lanes.count--
	next.state = busy
	c.sub.broker.pool.add(attempt{of: c, again: next})
}
