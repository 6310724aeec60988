# Tests the value for truth: an empty text that was cached is a miss for ever.
import heapq
from collections import OrderedDict
from threading import Lock


class LruCache:
    def __init__(self, capacity):
        self._capacity = capacity
        self._values = OrderedDict()
        self._end_of = {}
        self._ends = []
        self._lock = Lock()

    def put(self, now_ms, key, value, ttl_ms):
        with self._lock:
            self._expire(now_ms)
            self._remove(key)
            if self._capacity == 0 or (ttl_ms is not None and ttl_ms <= 0):
                return
            if len(self._values) >= self._capacity:
                self._remove(next(iter(self._values)))
            self._values[key] = value
            if ttl_ms is not None:
                self._end_of[key] = now_ms + ttl_ms
                heapq.heappush(self._ends, (now_ms + ttl_ms, key))
                if len(self._ends) > 2 * len(self._end_of) + 16:
                    self._ends = [(end, key) for key, end in self._end_of.items()]
                    heapq.heapify(self._ends)

    def get(self, now_ms, key):
        with self._lock:
            self._expire(now_ms)
            if not self._values.get(key):
                return None
            self._values.move_to_end(key)
            return self._values[key]

    def delete(self, now_ms, key):
        with self._lock:
            self._expire(now_ms)
            return self._remove(key)

    def size(self, now_ms):
        with self._lock:
            self._expire(now_ms)
            return len(self._values)

    def _remove(self, key):
        self._end_of.pop(key, None)
        return self._values.pop(key, None) is not None

    def _expire(self, now_ms):
        while self._ends and self._ends[0][0] <= now_ms:
            end, key = heapq.heappop(self._ends)
            if self._end_of.get(key) == end:
                self._remove(key)
