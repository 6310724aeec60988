# Takes a lock that is not reentrant and calls a method that takes it again: the call waits for itself.
import threading
from collections import OrderedDict


class LruCache:
    def __init__(self, capacity):
        self.capacity = capacity
        self.entries = OrderedDict()
        self.lock = threading.Lock()

    def put(self, now_ms, key, value, ttl_ms):
        with self.lock:
            self.entries.pop(key, None)
            while self.size(now_ms) >= self.capacity:
                self.entries.popitem(last=False)
            self.entries[key] = (value, None if ttl_ms is None else now_ms + ttl_ms)

    def get(self, now_ms, key):
        with self.lock:
            value, end = self.entries.get(key, (None, None))
            if end is not None and end <= now_ms:
                return None
            self.entries.move_to_end(key)
            return value

    def delete(self, now_ms, key):
        with self.lock:
            return self.entries.pop(key, None) is not None

    def size(self, now_ms):
        with self.lock:
            return sum(1 for _, end in self.entries.values() if end is None or end > now_ms)
