// Three parts: requests under way by id, the breaker with its probe, and kept answers in the order they came.
package main

import "container/list"

const retryCost = 10

type Policy struct {
	TimeoutMs   int
	MaxAttempts int
	BaseMs      int
	CapMs       int
	Budget      int
	TripAfter   int
	OpenMs      int
	StaleMs     int
}

type Action struct {
	Kind    string
	Attempt int
	AtMs    int
	Body    *string
}

type running struct {
	key     string
	attempt int
	calling bool
	until   int // the deadline of the attempt, or the end of the pause
}

type breaker struct {
	tripAfter, openMs int
	failures          int
	open              bool
	openedAt          int
	probe             *probe
}

type probe struct {
	request  string
	attempt  int
	deadline int
}

func (b *breaker) allows(now int) bool {
	probed := b.probe != nil && now < b.probe.deadline
	return !b.open || now >= b.openedAt+b.openMs && !probed
}

func (b *breaker) attemptMade(request string, attempt, deadline int) {
	if b.open {
		b.probe = &probe{request, attempt, deadline}
	}
}

func (b *breaker) told(now int, request string, attempt int, alive bool) {
	if b.open {
		// What began before the breaker opened, or lost its place as the probe, does not count.
		if b.probe == nil || b.probe.request != request || b.probe.attempt != attempt {
			return
		}
		b.probe, b.failures = nil, 0
		b.open, b.openedAt = !alive, now
		return
	}
	if alive {
		b.failures = 0
		return
	}
	b.failures++
	if b.failures >= b.tripAfter {
		b.open, b.openedAt, b.probe = true, now, nil
	}
}

type kept struct {
	key  string
	body string
	came int
}

type ResilientClient struct {
	policy   Policy
	requests map[string]*running
	breaker  breaker
	points   int
	kept     map[string]*list.Element
	ages     *list.List // of kept, oldest first
}

func NewResilientClient(policy Policy) *ResilientClient {
	return &ResilientClient{
		policy:   policy,
		requests: map[string]*running{},
		breaker:  breaker{tripAfter: policy.TripAfter, openMs: policy.OpenMs},
		points:   policy.Budget,
		kept:     map[string]*list.Element{},
		ages:     list.New(),
	}
}

func (c *ResilientClient) Start(nowMs int, request string, key string) Action {
	c.forgetOld(nowMs)
	if c.requests[request] != nil {
		return Action{Kind: "ignored"}
	}
	return c.attempt(nowMs, request, &running{key: key})
}

func (c *ResilientClient) Outcome(nowMs int, request string, attempt int, status int, body string, jitter int) Action {
	c.forgetOld(nowMs)
	r := c.requests[request]
	if r == nil || !r.calling || r.attempt != attempt {
		return Action{Kind: "ignored"}
	}
	if nowMs >= r.until || status == 429 || status >= 500 && status <= 599 {
		return c.attemptFailed(nowMs, request, r, jitter)
	}
	delete(c.requests, request)
	c.breaker.told(nowMs, request, attempt, true)
	if status < 200 || status > 299 {
		return Action{Kind: "rejected", Attempt: attempt, Body: &body}
	}
	c.points = min(c.points+1, c.policy.Budget)
	if old := c.kept[r.key]; old != nil {
		c.ages.Remove(old)
	}
	c.kept[r.key] = c.ages.PushBack(kept{r.key, body, nowMs})
	return Action{Kind: "ok", Attempt: attempt, Body: &body}
}

func (c *ResilientClient) Tick(nowMs int, request string, jitter int) Action {
	c.forgetOld(nowMs)
	r := c.requests[request]
	switch {
	case r == nil:
		return Action{Kind: "ignored"}
	case nowMs < r.until:
		return Action{Kind: "wait", Attempt: r.attempt, AtMs: r.until}
	case r.calling:
		return c.attemptFailed(nowMs, request, r, jitter)
	default:
		return c.attempt(nowMs, request, r)
	}
}

func (c *ResilientClient) attempt(now int, name string, r *running) Action {
	if !c.breaker.allows(now) {
		return c.end(name, r)
	}
	r.attempt++
	r.calling = true
	r.until = now + c.policy.TimeoutMs
	c.requests[name] = r
	c.breaker.attemptMade(name, r.attempt, r.until)
	return Action{Kind: "call", Attempt: r.attempt, AtMs: r.until}
}

func (c *ResilientClient) attemptFailed(now int, name string, r *running, jitter int) Action {
	c.breaker.told(now, name, r.attempt, false)
	if r.attempt >= c.policy.MaxAttempts || c.breaker.open || c.points < retryCost {
		return c.end(name, r)
	}
	c.points -= retryCost
	ceiling := min(c.policy.CapMs, c.policy.BaseMs<<(r.attempt-1))
	r.calling = false
	r.until = now + ceiling*jitter/1000
	return Action{Kind: "wait", Attempt: r.attempt, AtMs: r.until}
}

func (c *ResilientClient) end(name string, r *running) Action {
	delete(c.requests, name)
	if e := c.kept[r.key]; e != nil {
		body := e.Value.(kept).body
		return Action{Kind: "stale", Attempt: r.attempt, Body: &body}
	}
	return Action{Kind: "failed", Attempt: r.attempt}
}

func (c *ResilientClient) forgetOld(now int) {
	for e := c.ages.Front(); e != nil; e = c.ages.Front() {
		oldest := e.Value.(kept)
		if now-oldest.came <= c.policy.StaleMs {
			return
		}
		c.ages.Remove(e)
		delete(c.kept, oldest.key)
	}
}
