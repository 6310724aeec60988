# A lock keeps the lines of the log whole, but not the decision: two workers look at the head of the line
# before one of them takes it.
from __future__ import annotations

import heapq
import json
import os
import threading
from bisect import insort
from dataclasses import dataclass

READY, LEASED, PAUSED, DONE, DEAD = range(5)


@dataclass
class Job:
    id: str
    payload: str
    attempt: int


class Entry:
    __slots__ = ("job", "place", "state", "due")

    def __init__(self, job: Job, place: int) -> None:
        self.job = job
        self.place = place
        self.state = READY
        self.due = 0  # when the lease or the pause ends


class JobQueue:
    def __init__(self, data_folder: str, visibility_ms: int, max_attempts: int, retry_ms: int) -> None:
        self._visibility = visibility_ms
        self._max_attempts = max_attempts
        self._retry = retry_ms
        self._lock = threading.Lock()
        self._by_id: dict[str, Entry] = {}
        self._line: list[Entry] = []
        self._ready: list[int] = []  # heap of places
        self._timers: list[tuple[int, int]] = []  # heap of (due, place); stale ones are skipped
        self._dead: list[int] = []
        self._log = open(self._replay(os.path.join(data_folder, "calls.log")), "ab", buffering=0)

    def enqueue(self, now_ms: int, id: str, payload: str) -> bool:
        return self._do("enqueue", now_ms, id, payload)

    def claim(self, now_ms: int) -> Job | None:
        return self._do("claim", now_ms)

    def ack(self, now_ms: int, id: str, attempt: int) -> bool:
        return self._do("ack", now_ms, id, attempt)

    def fail(self, now_ms: int, id: str, attempt: int) -> bool:
        return self._do("fail", now_ms, id, attempt)

    def extend(self, now_ms: int, id: str, attempt: int) -> bool:
        return self._do("extend", now_ms, id, attempt)

    def dead(self, now_ms: int) -> list[str]:
        with self._lock:
            self._settle(now_ms)
            return [self._line[place].job.id for place in self._dead]

    def _do(self, op: str, now: int, *args):
        answer, changed = self._apply(op, now, *args)
        if changed:
            with self._lock:
                self._append([op, now, *args])
        return answer

    def _apply(self, op: str, now: int, *args):
        self._settle(now)
        return getattr(self, "_" + op)(now, *args)

    def _enqueue(self, now: int, id: str, payload: str):
        if id in self._by_id:
            return False, False
        self._trace(f"enqueue {id}")
        entry = Entry(Job(id, payload, 0), len(self._line))
        self._by_id[id] = entry
        self._line.append(entry)
        heapq.heappush(self._ready, entry.place)
        return True, True

    def _claim(self, now: int):
        if not self._ready:
            return None, False
        entry = self._line[self._ready[0]]
        entry.job.attempt += 1
        self._trace(f"claim {entry.job.id}")
        self._set_timer(entry, LEASED, now + self._visibility)
        job = Job(entry.job.id, entry.job.payload, entry.job.attempt)
        if self._ready:
            heapq.heappop(self._ready)
        return job, True

    def _ack(self, now: int, id: str, attempt: int):
        entry = self._by_id.get(id)
        if entry is None or entry.job.attempt != attempt:
            return False, False
        if entry.state == DONE:
            return True, False
        if entry.state != LEASED:
            return False, False
        entry.state = DONE
        return True, True

    def _fail(self, now: int, id: str, attempt: int):
        entry = self._leased(id, attempt)
        if entry is None:
            return False, False
        self._end_attempt(entry, now)
        return True, True

    def _extend(self, now: int, id: str, attempt: int):
        entry = self._leased(id, attempt)
        if entry is None:
            return False, False
        self._set_timer(entry, LEASED, now + self._visibility)
        return True, True

    def _leased(self, id: str, attempt: int) -> Entry | None:
        entry = self._by_id.get(id)
        holds = entry is not None and entry.state == LEASED and entry.job.attempt == attempt
        return entry if holds else None

    def _settle(self, now: int) -> None:
        while self._timers and self._timers[0][0] <= now:
            due, place = heapq.heappop(self._timers)
            entry = self._line[place]
            if entry.due != due:
                continue
            if entry.state == LEASED:
                self._end_attempt(entry, due)
            elif entry.state == PAUSED:
                entry.state = READY
                heapq.heappush(self._ready, place)

    def _end_attempt(self, entry: Entry, at: int) -> None:
        if entry.job.attempt >= self._max_attempts:
            entry.state = DEAD
            insort(self._dead, entry.place)
        else:
            self._set_timer(entry, PAUSED, at + self._retry * 2 ** (entry.job.attempt - 1))

    def _set_timer(self, entry: Entry, state: int, due: int) -> None:
        entry.state = state
        entry.due = due
        heapq.heappush(self._timers, (due, entry.place))

    def _trace(self, text: str) -> None:
        os.write(2, text.encode("utf-8", "replace") + b"\n")

    def _append(self, call: list) -> None:
        rest = json.dumps(call).encode() + b"\n"
        while rest:
            rest = rest[self._log.write(rest):]

    def _replay(self, path: str) -> str:
        if os.path.exists(path):
            with open(path, "r+b") as log:
                text = log.read()
                whole = text.rfind(b"\n") + 1
                log.truncate(whole)  # a torn line was never answered
            for line in text[:whole].splitlines():
                self._apply(*json.loads(line))
        return path
