// Lets the lock go by hand where a cost is out of range, and a second time by defer: the runtime of Go ends the
// program when a lock is let go that nobody holds. One bad request ends the service for everybody.
package main

import (
	"container/list"
	"sync"
)

type Decision struct {
	Allowed      bool
	Remaining    int
	RetryAfterMs *int
}

type budget interface {
	settle(now int) // brings it to a time
	free() int      // whole units that could be taken
	take(cost int)
	wait(cost int) int // until a cost within the limit fits
}

// bucket counts parts, window of them a token: a millisecond refills exactly limit parts.
type bucket struct {
	limit, window, parts, at int
}

func (b *bucket) settle(now int) {
	span := min(now-b.at, b.window)
	b.parts = min(b.parts+span*b.limit, b.limit*b.window)
	b.at = now
}

func (b *bucket) free() int     { return b.parts / b.window }
func (b *bucket) take(cost int) { b.parts -= cost * b.window }
func (b *bucket) wait(cost int) int {
	return (cost*b.window - b.parts + b.limit - 1) / b.limit
}

// window keeps a log of what was allowed, no longer than the limit.
type window struct {
	limit, window, used, at int
	log                     []allowed
}

type allowed struct{ at, cost int }

func (w *window) settle(now int) {
	w.at = now
	gone := 0
	for gone < len(w.log) && w.log[gone].at <= now-w.window {
		w.used -= w.log[gone].cost
		gone++
	}
	w.log = w.log[gone:] // append copies what is left once the array is full
}

func (w *window) free() int { return w.limit - w.used }

func (w *window) take(cost int) {
	if cost > 0 {
		w.log = append(w.log, allowed{w.at, cost})
		w.used += cost
	}
}

func (w *window) wait(cost int) int {
	lacking := cost - w.free()
	for _, entry := range w.log {
		if lacking -= entry.cost; lacking <= 0 {
			return entry.at + w.window - w.at
		}
	}
	panic("a cost within the limit fits into an empty window")
}

type client struct {
	key    string
	seen   int
	budget budget
}

type RateLimiter struct {
	mu       sync.Mutex
	sliding  bool
	limit    int
	windowMs int
	latest   int
	byKey    map[string]*list.Element
	byUse    *list.List // of *client, the one idle for longest in front
}

func NewRateLimiter(algorithm string, limit int, windowMs int) *RateLimiter {
	return &RateLimiter{
		sliding:  algorithm == "sliding_window",
		limit:    limit,
		windowMs: windowMs,
		byKey:    map[string]*list.Element{},
		byUse:    list.New(),
	}
}

func (r *RateLimiter) Allow(nowMs int, key string, cost int) Decision {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.latest = max(r.latest, nowMs)
	r.forgetIdle()
	b := r.budgetOf(key)
	b.settle(r.latest)
	if cost < 0 || cost > r.limit {
		r.mu.Unlock()
		return Decision{false, b.free(), nil}
	}
	wait := 0
	if cost > b.free() {
		wait = b.wait(cost)
		return Decision{false, b.free(), &wait}
	}
	b.take(cost)
	return Decision{true, b.free(), &wait}
}

func (r *RateLimiter) budgetOf(key string) budget {
	if found, ok := r.byKey[key]; ok {
		r.byUse.MoveToBack(found)
		known := found.Value.(*client)
		known.seen = r.latest
		return known.budget
	}
	var b budget = &bucket{r.limit, r.windowMs, r.limit * r.windowMs, r.latest}
	if r.sliding {
		b = &window{limit: r.limit, window: r.windowMs, at: r.latest}
	}
	r.byKey[key] = r.byUse.PushBack(&client{key, r.latest, b})
	return b
}

// forgetIdle drops keys without a call for a window: their budget is whole again, as that of a new key.
func (r *RateLimiter) forgetIdle() {
	for front := r.byUse.Front(); front != nil; front = r.byUse.Front() {
		idle := front.Value.(*client)
		if idle.seen > r.latest-r.windowMs {
			return
		}
		r.byUse.Remove(front)
		delete(r.byKey, idle.key)
	}
}
