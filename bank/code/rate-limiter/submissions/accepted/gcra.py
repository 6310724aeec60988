"""Another way: a bucket is one number, the moment at which it will be full (GCRA), and idle keys are forgotten
by keeping two generations of keys and dropping the older one every window."""
import threading
from collections import namedtuple

Decision = namedtuple("Decision", "allowed remaining retry_after_ms")


class RateLimiter:
    def __init__(self, algorithm, limit, window_ms):
        self.decide = self.bucket if algorithm == "token_bucket" else self.window
        self.limit = limit
        self.window_ms = window_ms
        self.now = 0
        self.turned = 0
        self.young, self.old = {}, {}
        self.lock = threading.Lock()

    def allow(self, now_ms, key, cost):
        with self.lock:
            if now_ms > self.now:
                self.now = now_ms
            self.turn()
            state = self.young.get(key)
            if state is None:
                state = self.old.pop(key, None)
            decision, self.young[key] = self.decide(state, cost)
            return decision

    def turn(self):
        passed = (self.now - self.turned) // self.window_ms
        if passed >= 1:
            self.old = self.young if passed == 1 else {}
            self.young = {}
            self.turned += passed * self.window_ms

    def bucket(self, full_at, cost):
        # Times in parts: limit parts are a millisecond, window_ms parts a token.
        now = self.now * self.limit
        whole = self.limit * self.window_ms
        lacking = max(0, (full_at or 0) - now)
        if 0 <= cost <= self.limit:
            after = lacking + cost * self.window_ms
            if after <= whole:
                return Decision(True, (whole - after) // self.window_ms, 0), now + after
            retry = (after - whole + self.limit - 1) // self.limit
        else:
            retry = None
        return Decision(False, (whole - lacking) // self.window_ms, retry), now + lacking

    def window(self, state, cost):
        # Running totals: the cost of a span is the difference of two of them.
        times, totals, first = state or ([], [0], 0)
        while first < len(times) and times[first] <= self.now - self.window_ms:
            first += 1
        if first > 32 and 2 * first > len(times):
            times, totals, first = times[first:], totals[first:], 0
        free = self.limit - (totals[-1] - totals[first])
        state = (times, totals, first)
        if not 0 <= cost <= self.limit:
            return Decision(False, free, None), state
        if cost <= free:
            if cost:
                times.append(self.now)
                totals.append(totals[-1] + cost)
            return Decision(True, free - cost, 0), state
        at = first
        while totals[at + 1] - totals[first] < cost - free:
            at += 1
        return Decision(False, free, times[at] + self.window_ms - self.now), state
