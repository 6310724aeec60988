// A lock for each key's budget and none for the map of keys: the runtime of Go ends the program when it sees two
// goroutines write one map.
package main

import "sync"

type Decision struct {
	Allowed      bool
	Remaining    int
	RetryAfterMs *int
}

// counter allows limit in each fixed window, which is a second mistake.
type counter struct {
	mu    sync.Mutex
	start int
	used  int
}

type RateLimiter struct {
	limit    int
	windowMs int
	turned   int
	young    map[string]*counter
	old      map[string]*counter
}

func NewRateLimiter(algorithm string, limit int, windowMs int) *RateLimiter {
	return &RateLimiter{limit: limit, windowMs: windowMs, young: map[string]*counter{}}
}

func (r *RateLimiter) Allow(nowMs int, key string, cost int) Decision {
	if nowMs-r.turned >= r.windowMs {
		r.turned, r.old, r.young = nowMs, r.young, map[string]*counter{}
	}
	c, ok := r.young[key]
	if !ok {
		if c, ok = r.old[key]; !ok {
			c = &counter{start: nowMs}
		}
		r.young[key] = c
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if nowMs-c.start >= r.windowMs {
		c.start, c.used = nowMs, 0
	}
	if cost < 0 || cost > r.limit {
		return Decision{false, r.limit - c.used, nil}
	}
	wait := 0
	if c.used+cost > r.limit {
		wait = c.start + r.windowMs - nowMs
		return Decision{false, r.limit - c.used, &wait}
	}
	c.used += cost
	return Decision{true, r.limit - c.used, &wait}
}
