from __future__ import annotations

import threading
from dataclasses import dataclass


@dataclass
class Job:
    job_id: str
    attempts: int
    note: str | None
    tags: list[str]


class Shelf:
    def __init__(self, capacity: int) -> None:
        if capacity < 1:
            raise ValueError("capacity must be positive")
        self.values = {}
        self.lock = threading.Lock()

    def put(self, key: str, value: int) -> None:
        with self.lock:
            self.values[key] = value

    def get(self, key: str) -> int | None:
        with self.lock:
            return self.values.get(key)

    def add(self, key: str, by: int) -> int:
        with self.lock:
            self.values[key] = self.values.get(key, 0) + by
            return self.values[key]

    def wait_for(self, key: str) -> int:
        while True:
            with self.lock:
                if key in self.values:
                    return self.values[key]

    def echo_int(self, value: int) -> int:
        return value

    def halve(self, value: float) -> float:
        return value / 2

    def join(self, parts: list[str]) -> str:
        return "".join(parts)

    def maybe(self, value: int | None, flag: bool) -> list[int | None]:
        return [value, value] if flag else []

    def counts(self, words: list[str]) -> dict[str, int]:
        return {word: words.count(word) for word in words}

    def move_job(self, job: Job) -> Job | None:
        if not job.job_id:
            return None
        job.attempts += 1
        return job

    def all_jobs(self, jobs: dict[str, Job]) -> list[Job]:
        return [jobs[key] for key in sorted(jobs)]

    def fail(self, text: str) -> None:
        raise RuntimeError(text)

    def log(self, text: str) -> bool:
        print(text)
        return True

    def ratio(self, a: float, b: float) -> float:
        return a * float("inf") if b == 0 else a / b
