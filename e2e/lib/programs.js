// Programs for the items that the tests use: those of the bank, and ones with a known fault.
import { readFile } from 'node:fs/promises';

/** A program that the bank keeps beside an item, such as `accepted/reference.py`. */
export function kept(item, path) {
  return readFile(new URL(`../../bank/code/${item}/submissions/${path}`, import.meta.url), 'utf8');
}

/** A class, spoken to in calls. */
export const CACHE = 'lru-cache';

/** A program that reads lines. */
export const STREAM = 'log-stream';

/** Reads all and counts nothing: already the examples fail. */
export const FORGETFUL = `import sys

print("read by nobody", file=sys.stderr)
for line in sys.stdin:
    pass
print("end lines=0 counted=0 duplicate=0 late=0 malformed=0")
`;

/** Does not compile, and the line is known. */
export const BROKEN = `class LruCache:
    def get(self:
        pass
`;
export const BROKEN_LINE = 2;
