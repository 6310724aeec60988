# Built differently: the log holds the new state of a job and not the call, and what is due is found in lists
# kept sorted by bisection. The last record of a job wins when the log is read again.
from __future__ import annotations

import os
import pickle
import struct
import threading
from bisect import insort


class JobQueue:
    def __init__(self, data_folder: str, visibility_ms: int, max_attempts: int, retry_ms: int) -> None:
        self.visibility_ms, self.max_attempts, self.retry_ms = visibility_ms, max_attempts, retry_ms
        self.mutex = threading.RLock()
        self.jobs: dict[str, dict] = {}
        self.names: list[str] = []
        self.ready: list[int] = []  # negative places, so that the first in line is popped from the end
        self.timers: list[tuple[int, int, int]] = []  # negative times, for the same reason
        path = os.path.join(data_folder, "jobs.bin")
        self.load(path)
        self.file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def enqueue(self, now_ms: int, id: str, payload: str) -> bool:
        with self.mutex:
            if id in self.jobs:
                return False
            job = {"id": id, "payload": payload, "attempt": 0, "state": "ready", "due": 0}
            self.index(job)
            self.save(job)
            return True

    def claim(self, now_ms: int):
        with self.mutex:
            self.settle(now_ms)
            if not self.ready:
                return None
            job = self.jobs[self.names[-self.ready.pop()]]
            job["attempt"] += 1
            self.wait(job, "leased", now_ms + self.visibility_ms)
            self.save(job)
            return {"id": job["id"], "payload": job["payload"], "attempt": job["attempt"]}

    def ack(self, now_ms: int, id: str, attempt: int) -> bool:
        with self.mutex:
            job = self.current(now_ms, id, attempt)
            if job is None or job["state"] not in ("leased", "done"):
                return False
            if job["state"] == "leased":
                job["state"] = "done"
                self.save(job)
            return True

    def fail(self, now_ms: int, id: str, attempt: int) -> bool:
        with self.mutex:
            job = self.current(now_ms, id, attempt)
            if job is None or job["state"] != "leased":
                return False
            self.failed(job, now_ms)
            self.save(job)
            return True

    def extend(self, now_ms: int, id: str, attempt: int) -> bool:
        with self.mutex:
            job = self.current(now_ms, id, attempt)
            if job is None or job["state"] != "leased":
                return False
            self.wait(job, "leased", now_ms + self.visibility_ms)
            self.save(job)
            return True

    def dead(self, now_ms: int) -> list[str]:
        with self.mutex:
            self.settle(now_ms)
            return [name for name in self.names if self.jobs[name]["state"] == "dead"]

    def current(self, now_ms: int, id: str, attempt: int):
        self.settle(now_ms)
        job = self.jobs.get(id)
        return job if job is not None and job["attempt"] == attempt else None

    def settle(self, now_ms: int) -> None:
        while self.timers and -self.timers[-1][0] <= now_ms:
            due, place, attempt = self.timers.pop()
            job = self.jobs[self.names[-place]]
            if job["due"] != -due or job["attempt"] != attempt:
                continue
            if job["state"] == "leased":
                self.failed(job, -due)
            elif job["state"] == "paused":
                job["state"] = "ready"
                insort(self.ready, place)

    def failed(self, job: dict, at: int) -> None:
        if job["attempt"] >= self.max_attempts:
            job["state"] = "dead"
        else:
            self.wait(job, "paused", at + (self.retry_ms << (job["attempt"] - 1)))

    def wait(self, job: dict, state: str, due: int) -> None:
        job["state"], job["due"] = state, due
        insort(self.timers, (-due, -job["place"], job["attempt"]))

    def index(self, job: dict) -> None:
        job["place"] = len(self.names)
        self.names.append(job["id"])
        self.jobs[job["id"]] = job
        insort(self.ready, -job["place"])

    def save(self, job: dict) -> None:
        record = pickle.dumps(job)
        os.write(self.file, struct.pack(">I", len(record)) + record)

    def load(self, path: str) -> None:
        if not os.path.exists(path):
            return
        with open(path, "rb") as file:
            data = file.read()
        at = 0
        while at + 4 <= len(data):
            end = at + 4 + struct.unpack_from(">I", data, at)[0]
            if end > len(data):
                break
            job = pickle.loads(data[at + 4 : end])
            at = end
            if job["id"] not in self.jobs:
                self.names.append(job["id"])
            self.jobs[job["id"]] = job
        os.truncate(path, at)
        for job in self.jobs.values():
            if job["state"] == "ready":
                insort(self.ready, -job["place"])
            elif job["state"] in ("leased", "paused"):
                insort(self.timers, (-job["due"], -job["place"], job["attempt"]))
