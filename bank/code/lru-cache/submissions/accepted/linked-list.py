"""The classic way: a hash map into a doubly linked list, both by hand; lifetimes in a heap of the nodes."""
import heapq
import itertools
import threading


class Node:
    __slots__ = ("key", "value", "end", "before", "after", "live")

    def __init__(self, key, value, end):
        self.key = key
        self.value = value
        self.end = end
        self.live = True
        self.before = self.after = self


class LruCache:
    def __init__(self, capacity):
        self.capacity = capacity
        self.nodes = {}
        self.ring = Node(None, None, None)  # ring.after is the newest, ring.before the oldest
        self.heap = []
        self.dead = 0  # nodes in the heap that are no longer in the list
        self.number = itertools.count()
        self.lock = threading.RLock()

    def put(self, now_ms, key, value, ttl_ms):
        with self.lock:
            self.expire(now_ms)
            if key in self.nodes:
                self.remove(self.nodes[key])
            if self.capacity == 0 or ttl_ms is not None and ttl_ms <= 0:
                return
            if len(self.nodes) == self.capacity:
                self.remove(self.ring.before)
            node = Node(key, value, None if ttl_ms is None else now_ms + ttl_ms)
            self.nodes[key] = node
            self.link(node)
            if node.end is not None:
                heapq.heappush(self.heap, (node.end, next(self.number), node))

    def get(self, now_ms, key):
        with self.lock:
            self.expire(now_ms)
            node = self.nodes.get(key)
            if node is None:
                return None
            self.unlink(node)
            self.link(node)
            return node.value

    def delete(self, now_ms, key):
        with self.lock:
            self.expire(now_ms)
            node = self.nodes.get(key)
            if node is not None:
                self.remove(node)
            return node is not None

    def size(self, now_ms):
        with self.lock:
            self.expire(now_ms)
            return len(self.nodes)

    def expire(self, now_ms):
        while self.heap and self.heap[0][0] <= now_ms:
            node = heapq.heappop(self.heap)[2]
            if node.live:
                node.end = None  # it has left the heap
                self.remove(node)
            else:
                self.dead -= 1

    def remove(self, node):
        del self.nodes[node.key]
        self.unlink(node)
        node.live = False
        if node.end is not None:
            self.dead += 1
            if self.dead > len(self.nodes) + 16:
                self.heap = [item for item in self.heap if item[2].live]
                heapq.heapify(self.heap)
                self.dead = 0

    def link(self, node):
        node.before, node.after = self.ring, self.ring.after
        self.ring.after.before = node
        self.ring.after = node

    def unlink(self, node):
        node.before.after = node.after
        node.after.before = node.before
