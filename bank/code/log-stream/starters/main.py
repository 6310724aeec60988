import sys


def main():
    lines = 0
    for line in sys.stdin.buffer:
        # `line` is bytes with the newline at its end, if it has one. Your code goes here.
        lines += 1
    print(f"end lines={lines} counted=0 duplicate=0 late=0 malformed=0")


main()
