package main

import (
	"fmt"
	"math"
	"runtime"
	"sort"
	"strings"
	"sync"
)

type Job struct {
	JobID    string
	Attempts int
	Note     *string
	Tags     []string
	mine     int
}

type Shelf struct {
	lock   sync.Mutex
	values map[string]int
}

func NewShelf(capacity int) *Shelf {
	if capacity < 1 {
		panic("capacity must be positive")
	}
	return &Shelf{values: map[string]int{}}
}

func (s *Shelf) Put(key string, value int) {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.values[key] = value
}

func (s *Shelf) Get(key string) (int, bool) {
	s.lock.Lock()
	defer s.lock.Unlock()
	value, ok := s.values[key]
	return value, ok
}

func (s *Shelf) Add(key string, by int) int {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.values[key] += by
	return s.values[key]
}

func (s *Shelf) WaitFor(key string) int {
	for {
		if value, ok := s.Get(key); ok {
			return value
		}
		runtime.Gosched()
	}
}

func (s *Shelf) EchoInt(value int) int { return value }

func (s *Shelf) Halve(value float64) float64 { return value / 2 }

func (s *Shelf) Join(parts []string) string { return strings.Join(parts, "") }

func (s *Shelf) Maybe(value *int, flag bool) []*int {
	if !flag {
		return nil
	}
	return []*int{value, value}
}

func (s *Shelf) Counts(words []string) map[string]int {
	counts := map[string]int{}
	for _, word := range words {
		counts[word]++
	}
	return counts
}

func (s *Shelf) MoveJob(job Job) (Job, bool) {
	job.Attempts++
	job.mine = 1
	return job, job.JobID != ""
}

func (s *Shelf) AllJobs(jobs map[string]Job) []Job {
	keys := []string{}
	for key := range jobs {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	all := []Job{}
	for _, key := range keys {
		all = append(all, jobs[key])
	}
	return all
}

func (s *Shelf) Fail(text string) { panic(fmt.Errorf("%s", text)) }

func (s *Shelf) Log(text string) bool {
	fmt.Println(text)
	return true
}

func (s *Shelf) Ratio(a float64, b float64) float64 {
	if b == 0 {
		return math.Inf(1)
	}
	return a / b
}
