// The log has one line a record with the fields between tabs. An id with a tab or a line break tears it, and
// a log that cannot be read ends the program.
package main

import (
	"bytes"
	"container/heap"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
)

type Job struct {
	ID      string
	Payload string
	Attempt int
}

type state int

const (
	ready state = iota
	leased
	paused
	done
	dead
)

type entry struct {
	Job
	place int
	state state
	due   int // when the lease or the pause ends
}

type timer struct{ due, place int }

type timers []timer

func (t timers) Len() int           { return len(t) }
func (t timers) Less(i, j int) bool { return t[i].due < t[j].due }
func (t timers) Swap(i, j int)      { t[i], t[j] = t[j], t[i] }
func (t *timers) Push(x any)        { *t = append(*t, x.(timer)) }
func (t *timers) Pop() any {
	last := (*t)[len(*t)-1]
	*t = (*t)[:len(*t)-1]
	return last
}

type places []int

func (p places) Len() int           { return len(p) }
func (p places) Less(i, j int) bool { return p[i] < p[j] }
func (p places) Swap(i, j int)      { p[i], p[j] = p[j], p[i] }
func (p *places) Push(x any)        { *p = append(*p, x.(int)) }
func (p *places) Pop() any {
	last := (*p)[len(*p)-1]
	*p = (*p)[:len(*p)-1]
	return last
}

// A call as the log keeps it.
type record struct {
	Op      string
	Now     int
	ID      string
	Payload string
	Attempt int
}

type JobQueue struct {
	visibility, maxAttempts, retry int

	mu     sync.Mutex
	byID   map[string]*entry
	line   []*entry
	ready  places
	timers timers
	log    *os.File
}

func NewJobQueue(dataFolder string, visibilityMs int, maxAttempts int, retryMs int) *JobQueue {
	q := &JobQueue{visibility: visibilityMs, maxAttempts: maxAttempts, retry: retryMs, byID: map[string]*entry{}}
	path := filepath.Join(dataFolder, "calls.log")
	text, err := os.ReadFile(path)
	if err == nil {
		whole := bytes.LastIndexByte(text, '\n') + 1
		if err := os.Truncate(path, int64(whole)); err != nil { // a torn line was never answered
			panic(err)
		}
		for _, line := range bytes.Split(text[:whole], []byte("\n")) {
			if len(line) > 0 {
				q.apply(parse(string(line)))
			}
		}
	}
	q.log, err = os.OpenFile(path, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		panic(err)
	}
	return q
}

func (q *JobQueue) Enqueue(nowMs int, id string, payload string) bool {
	_, ok := q.do(record{Op: "enqueue", Now: nowMs, ID: id, Payload: payload})
	return ok
}

func (q *JobQueue) Claim(nowMs int) (Job, bool) {
	return q.do(record{Op: "claim", Now: nowMs})
}

func (q *JobQueue) Ack(nowMs int, id string, attempt int) bool {
	_, ok := q.do(record{Op: "ack", Now: nowMs, ID: id, Attempt: attempt})
	return ok
}

func (q *JobQueue) Fail(nowMs int, id string, attempt int) bool {
	_, ok := q.do(record{Op: "fail", Now: nowMs, ID: id, Attempt: attempt})
	return ok
}

func (q *JobQueue) Extend(nowMs int, id string, attempt int) bool {
	_, ok := q.do(record{Op: "extend", Now: nowMs, ID: id, Attempt: attempt})
	return ok
}

func (q *JobQueue) Dead(nowMs int) []string {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.settle(nowMs)
	ids := []string{}
	for _, e := range q.line {
		if e.state == dead {
			ids = append(ids, e.ID)
		}
	}
	return ids
}

// The lock covers the append too: the log must tell the calls in the order in which they took effect.
func (q *JobQueue) do(r record) (Job, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	job, ok, changed := q.apply(r)
	if changed {
		_, err := fmt.Fprintf(q.log, "%s\t%d\t%s\t%s\t%d\n", r.Op, r.Now, r.ID, r.Payload, r.Attempt)
		if err != nil {
			panic(err)
		}
	}
	return job, ok
}

func parse(line string) record {
	fields := strings.Split(line, "\t")
	if len(fields) != 5 {
		log.Fatalf("corrupt log: %q", line)
	}
	now, err := strconv.Atoi(fields[1])
	attempt, err2 := strconv.Atoi(fields[4])
	if err != nil || err2 != nil {
		log.Fatalf("corrupt log: %q", line)
	}
	return record{Op: fields[0], Now: now, ID: fields[2], Payload: fields[3], Attempt: attempt}
}

func (q *JobQueue) apply(r record) (job Job, ok bool, changed bool) {
	q.settle(r.Now)
	e := q.byID[r.ID]
	switch {
	case r.Op == "claim":
		if len(q.ready) == 0 {
			return Job{}, false, false
		}
		e = q.line[heap.Pop(&q.ready).(int)]
		e.Attempt++
		q.wait(e, leased, r.Now+q.visibility)
		return e.Job, true, true
	case r.Op == "enqueue":
		if e != nil {
			return Job{}, false, false
		}
		e = &entry{Job: Job{ID: r.ID, Payload: r.Payload}, place: len(q.line)}
		q.byID[r.ID] = e
		q.line = append(q.line, e)
		heap.Push(&q.ready, e.place)
		return Job{}, true, true
	case e == nil || e.Attempt != r.Attempt:
		return Job{}, false, false
	case r.Op == "ack" && e.state == done:
		return Job{}, true, false
	case e.state != leased:
		return Job{}, false, false
	case r.Op == "ack":
		e.state = done
	case r.Op == "fail":
		q.endAttempt(e, r.Now)
	default:
		q.wait(e, leased, r.Now+q.visibility)
	}
	return Job{}, true, true
}

func (q *JobQueue) settle(now int) {
	for len(q.timers) > 0 && q.timers[0].due <= now {
		t := heap.Pop(&q.timers).(timer)
		e := q.line[t.place]
		if e.due != t.due {
			continue // extended or given out again since
		}
		switch e.state {
		case leased:
			q.endAttempt(e, t.due)
		case paused:
			e.state = ready
			heap.Push(&q.ready, e.place)
		}
	}
}

func (q *JobQueue) endAttempt(e *entry, at int) {
	if e.Attempt >= q.maxAttempts {
		e.state = dead
		return
	}
	q.wait(e, paused, at+q.retry<<(e.Attempt-1))
}

func (q *JobQueue) wait(e *entry, s state, due int) {
	e.state, e.due = s, due
	heap.Push(&q.timers, timer{due, e.place})
}
