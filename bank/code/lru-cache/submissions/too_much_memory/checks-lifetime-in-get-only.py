# Looks at lifetimes in get and nowhere else: the dead take room, count, can be deleted, and those that nobody
# asks for stay in memory.
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
            if self.capacity == 0 or ttl_ms is not None and ttl_ms <= 0:
                return
            self.entries[key] = (value, None if ttl_ms is None else now_ms + ttl_ms)
            if len(self.entries) > self.capacity:
                self.entries.popitem(last=False)

    def get(self, now_ms, key):
        with self.lock:
            if key not in self.entries:
                return None
            value, end = self.entries[key]
            if end is not None and end <= now_ms:
                del self.entries[key]
                return None
            self.entries.move_to_end(key)
            return value

    def delete(self, now_ms, key):
        with self.lock:
            return self.entries.pop(key, None) is not None

    def size(self, now_ms):
        with self.lock:
            return len(self.entries)
