"""Another way: rows are histograms of durations, lines are taken apart by hand, and windows wait in a heap."""
import heapq
import os

LATENESS_MS = 5_000
WINDOW_MS = 60_000
DIGITS = frozenset(b"0123456789")
ID_BYTES = DIGITS | frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_")
ROUTE_BYTES = frozenset(range(0x21, 0x7F))


def number(text, most):
    if not 1 <= len(text) <= most or not DIGITS.issuperset(text):
        return None
    return int(text)


def parse(line):
    if len(line) > 300:
        return None
    fields = line.split(b" ")
    if len(fields) != 5:
        return None
    time, status, ms = number(fields[0], 15), number(fields[3], 3), number(fields[4], 9)
    request, route = fields[1], fields[2]
    if time is None or status is None or ms is None or not 100 <= status <= 599 or len(fields[3]) != 3:
        return None
    if not 1 <= len(request) <= 40 or not ID_BYTES.issuperset(request):
        return None
    if not 1 <= len(route) <= 200 or route[:1] != b"/" or not ROUTE_BYTES.issuperset(route):
        return None
    return time, request, route, status, ms


def lines_of(descriptor):
    """Lines with whether they were whole."""
    rest = b""
    while chunk := os.read(descriptor, 1 << 16):
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            yield line.removesuffix(b"\r"), True
    if rest:
        yield rest, False


class Row:
    def __init__(self):
        self.counts = {}
        self.count = 0
        self.errors = 0

    def percentiles(self):
        wanted = [-(-p * self.count // 100) for p in (50, 95, 99)]
        found, below = [], 0
        for ms in sorted(self.counts):
            below += self.counts[ms]
            while len(found) < 3 and below >= wanted[len(found)]:
                found.append(ms)
        return found


def main():
    starts, rows, seen = [], {}, {}
    counts = dict.fromkeys(("lines", "counted", "duplicate", "late", "malformed"), 0)
    newest = 0
    printed = []

    def close(horizon):
        while starts and starts[0] + WINDOW_MS <= horizon:
            start = heapq.heappop(starts)
            del seen[start]
            for route, row in sorted(rows.pop(start).items()):
                p50, p95, p99 = row.percentiles()
                printed.append(
                    f"{start} {route.decode()} count={row.count} errors={row.errors} p50={p50} p95={p95} p99={p99}"
                )

    for line, whole in lines_of(0):
        if whole and not line:
            continue
        counts["lines"] += 1
        fields = parse(line) if whole else None
        if fields is None:
            counts["malformed"] += 1
            continue
        time, request, route, status, ms = fields
        if newest - time > LATENESS_MS:
            counts["late"] += 1
            continue
        start = time // WINDOW_MS * WINDOW_MS
        if start not in rows:
            heapq.heappush(starts, start)
            rows[start], seen[start] = {}, {}
        if request in seen[start].setdefault(time, ()):
            counts["duplicate"] += 1
            continue
        seen[start][time] += (request,)
        counts["counted"] += 1
        row = rows[start].setdefault(route, Row())
        row.counts[ms] = row.counts.get(ms, 0) + 1
        row.count += 1
        row.errors += status // 100 == 5
        newest = max(newest, time)
        close(newest - LATENESS_MS)
    close(1 << 62)
    printed.append("end " + " ".join(f"{name}={count}" for name, count in counts.items()))
    print("\n".join(printed))


main()
