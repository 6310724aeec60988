# Takes an argument that it did not expect for a reason to end the process, and with it the service.
from __future__ import annotations

import sys
from collections import OrderedDict
from heapq import heapify, heappop, heappush
from threading import Lock


class LruCache:
    def __init__(self, capacity: int) -> None:
        if capacity < 1:
            sys.exit("capacity must be at least 1")
        self._capacity = capacity
        # Key to (value, end), the least recently used first; an end of None is never.
        self._entries: OrderedDict[str, tuple[str, int | None]] = OrderedDict()
        # (end, key) of entries with a lifetime. Some are stale: their entry left or has another end by now.
        self._ends: list[tuple[int, str]] = []
        self._lock = Lock()

    def put(self, now_ms: int, key: str, value: str, ttl_ms: int | None) -> None:
        if not key:
            sys.exit("a key is needed")
        with self._lock:
            self._drop_expired(now_ms)
            self._entries.pop(key, None)
            if self._capacity == 0 or (ttl_ms is not None and ttl_ms <= 0):
                return
            if len(self._entries) == self._capacity:
                self._entries.popitem(last=False)
            end = None if ttl_ms is None else now_ms + ttl_ms
            self._entries[key] = (value, end)
            if end is not None:
                heappush(self._ends, (end, key))
                self._compact()

    def get(self, now_ms: int, key: str) -> str | None:
        with self._lock:
            self._drop_expired(now_ms)
            entry = self._entries.get(key)
            if entry is None:
                return None
            self._entries.move_to_end(key)
            return entry[0]

    def delete(self, now_ms: int, key: str) -> bool:
        with self._lock:
            self._drop_expired(now_ms)
            return self._entries.pop(key, None) is not None

    def size(self, now_ms: int) -> int:
        with self._lock:
            self._drop_expired(now_ms)
            return len(self._entries)

    def _drop_expired(self, now_ms: int) -> None:
        while self._ends and self._ends[0][0] <= now_ms:
            end, key = heappop(self._ends)
            if self._is_current(end, key):
                del self._entries[key]

    def _is_current(self, end: int, key: str) -> bool:
        entry = self._entries.get(key)
        return entry is not None and entry[1] == end

    def _compact(self) -> None:
        # Rebuilt only when most of it is stale, so that a put pays for it a constant share.
        if len(self._ends) > 2 * len(self._entries) + 16:
            self._ends = [(end, key) for key, (_, end) in self._entries.items() if end is not None]
            heapify(self._ends)
