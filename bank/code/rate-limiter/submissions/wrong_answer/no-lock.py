# Right for one thread and without a lock: between "does it fit" and "charge it" another thread is served.
from __future__ import annotations

import time
from collections import OrderedDict, deque
from dataclasses import dataclass


@dataclass
class Decision:
    allowed: bool
    remaining: int
    retry_after_ms: int | None


class Bucket:
    """Tokens in parts, window_ms of them a token: a millisecond refills exactly `limit` parts."""

    def __init__(self, limit: int, window_ms: int, now_ms: int) -> None:
        self.limit, self.window_ms = limit, window_ms
        self.parts = limit * window_ms
        self.at = now_ms

    def settle(self, now_ms: int) -> None:
        span = min(now_ms - self.at, self.window_ms)
        self.parts = min(self.parts + span * self.limit, self.limit * self.window_ms)
        self.at = now_ms

    def free(self) -> int:
        return self.parts // self.window_ms

    def take(self, cost: int) -> None:
        self.parts -= cost * self.window_ms

    def wait(self, cost: int) -> int:
        return -((self.parts - cost * self.window_ms) // self.limit)  # rounded up


class Window:
    """A log of what was allowed, no longer than the limit."""

    def __init__(self, limit: int, window_ms: int, now_ms: int) -> None:
        self.limit, self.window_ms = limit, window_ms
        self.log: deque[tuple[int, int]] = deque()
        self.used = 0
        self.at = now_ms

    def settle(self, now_ms: int) -> None:
        self.at = now_ms
        while self.log and self.log[0][0] <= now_ms - self.window_ms:
            self.used -= self.log.popleft()[1]

    def free(self) -> int:
        return self.limit - self.used

    def take(self, cost: int) -> None:
        if cost > 0:
            self.log.append((self.at, cost))
            self.used += cost

    def wait(self, cost: int) -> int:
        lacking = cost - self.free()
        for at, freed in self.log:
            lacking -= freed
            if lacking <= 0:
                return at + self.window_ms - self.at
        raise AssertionError("a cost within the limit fits into an empty window")


class RateLimiter:
    def __init__(self, algorithm: str, limit: int, window_ms: int) -> None:
        self._new = Window if algorithm == "sliding_window" else Bucket
        self._limit, self._window_ms = limit, window_ms
        # In the order of their last use: the front is idle for longest.
        self._budgets: OrderedDict[str, Bucket | Window] = OrderedDict()
        self._latest = 0

    def allow(self, now_ms: int, key: str, cost: int) -> Decision:
        now = self._latest = max(self._latest, now_ms)
        self._forget_idle(now)
        budget = self._budgets.pop(key, None) or self._new(self._limit, self._window_ms, now)
        self._budgets[key] = budget
        budget.settle(now)
        if cost < 0 or cost > self._limit:
            return Decision(False, budget.free(), None)
        if cost > budget.free():
            return Decision(False, budget.free(), budget.wait(cost))
        time.sleep(0)  # as a line of a log or a count for the metrics would: another thread may go on
        budget.take(cost)
        return Decision(True, budget.free(), 0)

    def _forget_idle(self, now: int) -> None:
        # After a window without a call every budget is whole again, as that of a new key.
        while self._budgets:
            key, budget = next(iter(self._budgets.items()))
            if budget.at > now - self._window_ms:
                break
            del self._budgets[key]
