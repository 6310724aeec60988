# All answers are right, but each call walks through all entries to find the dead ones.
from collections import OrderedDict
from threading import Lock


class LruCache:
    def __init__(self, capacity):
        self.capacity = capacity
        self.entries = OrderedDict()
        self.lock = Lock()

    def put(self, now_ms, key, value, ttl_ms):
        with self.lock:
            self.expire(now_ms)
            self.entries.pop(key, None)
            if self.capacity == 0 or ttl_ms is not None and ttl_ms <= 0:
                return
            if len(self.entries) == self.capacity:
                self.entries.popitem(last=False)
            self.entries[key] = (value, None if ttl_ms is None else now_ms + ttl_ms)

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
        dead = [key for key, (_, end) in self.entries.items() if end is not None and end <= now_ms]
        for key in dead:
            del self.entries[key]
