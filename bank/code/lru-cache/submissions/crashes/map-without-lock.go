// Samples a few keys on each call, as some stores do, and forgot the lock: the runtime of Go ends the program
// when it sees one goroutine write a map that another is walking through.
package main

const sample = 20

type item struct {
	value string
	end   int // 0 for never
	used  int
}

type LruCache struct {
	capacity int
	items    map[string]item
	uses     int
}

func NewLruCache(capacity int) *LruCache {
	return &LruCache{capacity: capacity, items: map[string]item{}}
}

func (c *LruCache) Put(nowMs int, key string, value string, ttlMs *int) {
	c.expire(nowMs)
	delete(c.items, key)
	if c.capacity == 0 || ttlMs != nil && *ttlMs <= 0 {
		return
	}
	if len(c.items) >= c.capacity {
		c.evict()
	}
	end := 0
	if ttlMs != nil {
		end = nowMs + *ttlMs
	}
	c.uses++
	c.items[key] = item{value, end, c.uses}
}

func (c *LruCache) Get(nowMs int, key string) (string, bool) {
	c.expire(nowMs)
	found, ok := c.items[key]
	if !ok || found.end != 0 && found.end <= nowMs {
		return "", false
	}
	c.uses++
	found.used = c.uses
	c.items[key] = found
	return found.value, true
}

func (c *LruCache) Delete(nowMs int, key string) bool {
	c.expire(nowMs)
	_, ok := c.items[key]
	delete(c.items, key)
	return ok
}

func (c *LruCache) Size(nowMs int) int {
	c.expire(nowMs)
	return len(c.items)
}

// evict drops the least recently used of a few.
func (c *LruCache) evict() {
	oldest, left := "", sample
	for key, i := range c.items {
		if left == sample || i.used < c.items[oldest].used {
			oldest = key
		}
		if left--; left == 0 {
			break
		}
	}
	delete(c.items, oldest)
}

// expire drops the dead among a few.
func (c *LruCache) expire(nowMs int) {
	left := sample
	for key, i := range c.items {
		if i.end != 0 && i.end <= nowMs {
			delete(c.items, key)
		}
		if left--; left == 0 {
			break
		}
	}
}
