# Right for one thread and without a lock, on the belief that the interpreter's own lock is enough: between
# "is it there" and "move it", between "is it full" and "put it in", another thread comes along.
import heapq
import time
from collections import OrderedDict


class LruCache:
    def __init__(self, capacity):
        self.capacity = capacity
        self.entries = OrderedDict()
        self.ends = []

    def put(self, now_ms, key, value, ttl_ms):
        self.expire(now_ms)
        if key in self.entries:
            del self.entries[key]
        if self.capacity == 0 or ttl_ms is not None and ttl_ms <= 0:
            return
        if len(self.entries) >= self.capacity:
            oldest = next(iter(self.entries))
            time.sleep(0)  # as a line of a log or a count for the metrics would: another thread may go on
            del self.entries[oldest]
        end = None if ttl_ms is None else now_ms + ttl_ms
        self.entries[key] = (value, end)
        if end is not None:
            heapq.heappush(self.ends, (end, key))
            if len(self.ends) > 2 * len(self.entries) + 16:
                self.ends = [(e, k) for k, (_, e) in list(self.entries.items()) if e is not None]
                heapq.heapify(self.ends)

    def get(self, now_ms, key):
        self.expire(now_ms)
        if key not in self.entries:
            return None
        self.entries.move_to_end(key)
        return self.entries[key][0]

    def delete(self, now_ms, key):
        self.expire(now_ms)
        if key not in self.entries:
            return False
        del self.entries[key]
        return True

    def size(self, now_ms):
        self.expire(now_ms)
        return len(self.entries)

    def expire(self, now_ms):
        while self.ends and self.ends[0][0] <= now_ms:
            end, key = heapq.heappop(self.ends)
            if key in self.entries and self.entries[key][1] == end:
                del self.entries[key]
