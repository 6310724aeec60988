# A colon is missing, so that nothing runs at all.
from collections import OrderedDict


class LruCache:
    def __init__(self, capacity):
        self.capacity = capacity
        self.entries = OrderedDict()

    def put(self, now_ms, key, value, ttl_ms)
        self.entries[key] = value
