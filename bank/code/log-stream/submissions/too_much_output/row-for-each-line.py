# Mistake: prints the row again for each line that changes it, and all rows at the end.
import re
import sys

LATENESS_MS = 5_000
WINDOW_MS = 60_000
# Bytes, not text: `\d` of a text matches digits of all scripts, and decoding can fail.
LINE = re.compile(
    rb"([0-9]{1,15}) ([A-Za-z0-9_-]{1,40}) (/[!-~]{0,199}) ([1-5][0-9]{2}) ([0-9]{1,9})"
)


class Window:
    def __init__(self):
        # A duplicate has the time of its original and so its window: this set goes when the window goes.
        self.seen = set()
        self.routes = {}


def print_window(start, window, out):
    for route in sorted(window.routes):
        durations, errors = window.routes[route]
        durations.sort()
        n = len(durations)
        # Nearest rank in whole numbers: ceil(p * n / 100), counted from 1.
        p50, p95, p99 = (durations[(p * n + 99) // 100 - 1] for p in (50, 95, 99))
        out.write(
            f"{start} {route.decode()} count={n} errors={errors} p50={p50} p95={p95} p99={p99}\n"
        )


def main():
    out = sys.stdout
    windows = {}
    newest = first_end = 0
    lines = counted = duplicate = late = malformed = 0

    for line in sys.stdin.buffer:
        whole = line.endswith(b"\n")
        if whole:
            line = line[:-1].removesuffix(b"\r")
            if not line:
                continue
        lines += 1
        match = LINE.fullmatch(line) if whole else None
        if match is None:
            malformed += 1
            continue
        time_text, request, route, status, ms = match.groups()
        time = int(time_text)
        if time < newest - LATENESS_MS:
            late += 1
            continue
        start = time - time % WINDOW_MS
        window = windows.get(start)
        if window is None:
            window = windows[start] = Window()
            first_end = min(windows) + WINDOW_MS
        key = (time, request)
        if key in window.seen:
            duplicate += 1
            continue
        window.seen.add(key)
        counted += 1
        row = window.routes.get(route)
        if row is None:
            row = window.routes[route] = [[], 0]
        row[0].append(int(ms))
        row[1] += status >= b"500"
        out.write(f"{start} {route.decode()} count={len(row[0])} errors={row[1]}\n")
        if time > newest:
            newest = time
            while windows and first_end <= newest - LATENESS_MS:
                print_window(first_end - WINDOW_MS, windows.pop(first_end - WINDOW_MS), out)
                first_end = min(windows, default=0) + WINDOW_MS

    for start in sorted(windows):
        print_window(start, windows[start], out)
    out.write(f"end lines={lines} counted={counted} duplicate={duplicate} late={late} malformed={malformed}\n")


main()
