# Requests under way stand in a list that each call searches, and tidies of those that are over.
from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

RETRY_COST = 10


@dataclass
class Policy:
    timeout_ms: int
    max_attempts: int
    base_ms: int
    cap_ms: int
    budget: int
    trip_after: int
    open_ms: int
    stale_ms: int


@dataclass
class Action:
    kind: str
    attempt: int = 0
    at_ms: int = 0
    body: str | None = None


@dataclass
class Request:
    key: str
    attempt: int = 0
    calling: bool = False
    until: int = 0  # the deadline of the attempt, or the end of the pause
    over: bool = False


class Breaker:
    def __init__(self, trip_after: int, open_ms: int) -> None:
        self.trip_after = trip_after
        self.open_ms = open_ms
        self.failures = 0
        self.opened_at: int | None = None
        self.probe: tuple[str, int] | None = None
        self.probe_deadline = 0

    @property
    def closed(self) -> bool:
        return self.opened_at is None

    def allows(self, now: int) -> bool:
        if self.opened_at is None:
            return True
        probed = self.probe is not None and now < self.probe_deadline
        return now >= self.opened_at + self.open_ms and not probed

    def attempt_made(self, request: str, attempt: int, deadline: int) -> None:
        if not self.closed:
            self.probe = (request, attempt)
            self.probe_deadline = deadline

    def told(self, now: int, request: str, attempt: int, alive: bool) -> None:
        if not self.closed:
            if self.probe != (request, attempt):
                return  # it began before the breaker opened, or lost its place
            self.probe = None
            self.opened_at = None if alive else now
            self.failures = 0
        elif alive:
            self.failures = 0
        else:
            self.failures += 1
            if self.failures >= self.trip_after:
                self.opened_at = now
                self.probe = None


class ResilientClient:
    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.requests: list[tuple[str, Request]] = []
        self.breaker = Breaker(policy.trip_after, policy.open_ms)
        self.points = policy.budget
        self.kept: OrderedDict[str, tuple[int, str]] = OrderedDict()  # oldest first

    def start(self, now_ms: int, request: str, key: str) -> Action:
        self._forget_old(now_ms)
        if self._find(request) is not None:
            return Action("ignored")
        return self._attempt(now_ms, request, Request(key))

    def outcome(self, now_ms: int, request: str, attempt: int, status: int, body: str, jitter: int) -> Action:
        self._forget_old(now_ms)
        running = self._find(request)
        if running is None or not running.calling or running.attempt != attempt:
            return Action("ignored")
        if now_ms >= running.until or status == 429 or 500 <= status <= 599:
            return self._attempt_failed(now_ms, request, running, jitter)
        running.over = True
        self.breaker.told(now_ms, request, attempt, alive=True)
        if not 200 <= status <= 299:
            return Action("rejected", attempt, body=body)
        self.points = min(self.points + 1, self.policy.budget)
        self.kept[running.key] = (now_ms, body)
        self.kept.move_to_end(running.key)
        return Action("ok", attempt, body=body)

    def tick(self, now_ms: int, request: str, jitter: int) -> Action:
        self._forget_old(now_ms)
        running = self._find(request)
        if running is None:
            return Action("ignored")
        if now_ms < running.until:
            return Action("wait", running.attempt, running.until)
        if running.calling:
            return self._attempt_failed(now_ms, request, running, jitter)
        return self._attempt(now_ms, request, running)

    def _attempt(self, now: int, name: str, request: Request) -> Action:
        if not self.breaker.allows(now):
            return self._end(name, request)
        request.attempt += 1
        request.calling = True
        request.until = now + self.policy.timeout_ms
        if self._find(name) is None:
            self.requests.append((name, request))
        self.breaker.attempt_made(name, request.attempt, request.until)
        return Action("call", request.attempt, request.until)

    def _attempt_failed(self, now: int, name: str, request: Request, jitter: int) -> Action:
        self.breaker.told(now, name, request.attempt, alive=False)
        exhausted = request.attempt >= self.policy.max_attempts
        if exhausted or not self.breaker.closed or self.points < RETRY_COST:
            return self._end(name, request)
        self.points -= RETRY_COST
        ceiling = min(self.policy.cap_ms, self.policy.base_ms * 2 ** (request.attempt - 1))
        request.calling = False
        request.until = now + ceiling * jitter // 1000
        return Action("wait", request.attempt, request.until)

    def _end(self, name: str, request: Request) -> Action:
        request.over = True
        if request.key in self.kept:
            return Action("stale", request.attempt, body=self.kept[request.key][1])
        return Action("failed", request.attempt)

    def _find(self, name: str) -> Request | None:
        self.requests = [(other, request) for other, request in self.requests if not request.over]
        found = [request for other, request in self.requests if other == name]
        return found[0] if found else None

    def _forget_old(self, now: int) -> None:
        while self.kept:
            key, (came, _) = next(iter(self.kept.items()))
            if now - came <= self.policy.stale_ms:
                return
            del self.kept[key]
