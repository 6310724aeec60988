# Built differently: plain dictionaries for all state, events of what is due instead of an ordered map of kept
# answers, and one function that is told how an attempt ended.
from collections import deque


class Policy:
    def __init__(self, *values):
        names = "timeout max_attempts base cap budget trip_after open stale".split()
        self.__dict__.update(zip(names, values))


def act(kind, attempt=0, at_ms=0, body=None):
    return {"kind": kind, "attempt": attempt, "at_ms": at_ms, "body": body}


class ResilientClient:
    def __init__(self, policy):
        self.p = policy
        self.live = {}
        self.answers = {}
        self.ages = deque()  # (came, key), one for each answer ever kept and not yet forgotten
        self.points = policy.budget
        self.row = 0
        self.open_until = None
        self.probe = None

    def start(self, now, rid, key):
        self.forget(now)
        if rid in self.live:
            return act("ignored")
        self.live[rid] = {"key": key, "n": 0, "phase": "pause", "until": now}
        return self.go(now, rid)

    def outcome(self, now, rid, attempt, status, body, jitter):
        self.forget(now)
        r = self.live.get(rid)
        if not r or r["phase"] != "call" or r["n"] != attempt:
            return act("ignored")
        if now >= r["until"]:
            return self.ended(now, rid, "failure", body, jitter)
        kind = {2: "success", 5: "failure"}.get(status // 100, "rejection")
        return self.ended(now, rid, "failure" if status == 429 else kind, body, jitter)

    def tick(self, now, rid, jitter):
        self.forget(now)
        r = self.live.get(rid)
        if not r:
            return act("ignored")
        if now < r["until"]:
            return act("wait", r["n"], r["until"])
        if r["phase"] == "call":
            return self.ended(now, rid, "failure", None, jitter)
        return self.go(now, rid)

    def go(self, now, rid):
        r = self.live[rid]
        if self.open_until is not None:
            busy = self.probe and now < self.probe[2]
            if now < self.open_until or busy:
                return self.give_up(rid)
            self.probe = (rid, r["n"] + 1, now + self.p.timeout)
        r.update(n=r["n"] + 1, phase="call", until=now + self.p.timeout)
        return act("call", r["n"], r["until"])

    def ended(self, now, rid, how, body, jitter):
        r = self.live[rid]
        self.breaker(now, (rid, r["n"]), how == "failure")
        if how == "failure":
            again = r["n"] < self.p.max_attempts and self.open_until is None and self.points >= 10
            if not again:
                return self.give_up(rid)
            self.points -= 10
            pause = min(self.p.cap, self.p.base << (r["n"] - 1)) * jitter // 1000
            r.update(phase="pause", until=now + pause)
            return act("wait", r["n"], r["until"])
        del self.live[rid]
        if how == "rejection":
            return act("rejected", r["n"], body=body)
        self.points = min(self.p.budget, self.points + 1)
        self.answers[r["key"]] = (now, body)
        self.ages.append((now, r["key"]))
        return act("ok", r["n"], body=body)

    def breaker(self, now, who, failed):
        if self.open_until is not None:
            if not self.probe or self.probe[:2] != who:
                return
            self.probe, self.row = None, 0
            self.open_until = now + self.p.open if failed else None
            return
        self.row = self.row + 1 if failed else 0
        if self.row >= self.p.trip_after:
            self.open_until, self.probe = now + self.p.open, None

    def give_up(self, rid):
        r = self.live.pop(rid)
        if r["key"] in self.answers:
            return act("stale", r["n"], body=self.answers[r["key"]][1])
        return act("failed", r["n"])

    def forget(self, now):
        while self.ages and now - self.ages[0][0] > self.p.stale:
            came, key = self.ages.popleft()
            if self.answers.get(key, (None,))[0] == came:
                del self.answers[key]
