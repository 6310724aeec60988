# Left a line for debugging in: each call prints all that the cache holds.
import heapq
from collections import OrderedDict
from threading import Lock


class LruCache:
    def __init__(self, capacity):
        self.capacity = capacity
        self.entries = OrderedDict()
        self.ends = []
        self.lock = Lock()

    def put(self, now_ms, key, value, ttl_ms):
        with self.lock:
            self.expire(now_ms)
            self.entries.pop(key, None)
            if self.capacity == 0 or ttl_ms is not None and ttl_ms <= 0:
                return
            if len(self.entries) == self.capacity:
                self.entries.popitem(last=False)
            end = None if ttl_ms is None else now_ms + ttl_ms
            self.entries[key] = (value, end)
            if end is not None:
                heapq.heappush(self.ends, (end, key))

    def get(self, now_ms, key):
        with self.lock:
            self.expire(now_ms)
            if key not in self.entries:
                return None
            self.entries.move_to_end(key)
            return self.entries[key][0]

    def delete(self, now_ms, key):
        with self.lock:
            self.expire(now_ms)
            return self.entries.pop(key, None) is not None

    def size(self, now_ms):
        with self.lock:
            self.expire(now_ms)
            return len(self.entries)

    def expire(self, now_ms):
        print("now", now_ms, "entries", dict(self.entries))
        while self.ends and self.ends[0][0] <= now_ms:
            end, key = heapq.heappop(self.ends)
            if key in self.entries and self.entries[key][1] == end:
                del self.entries[key]
