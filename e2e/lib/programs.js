// Programs for the items that the tests use: those of the bank, and ones with a known fault.
import { readFile } from 'node:fs/promises';

/** A program that the bank keeps beside an item, such as `accepted/reference.py`. */
export function kept(item, path) {
  return readFile(new URL(`../../bank/code/${item}/submissions/${path}`, import.meta.url), 'utf8');
}

export const ITEM = 'lru-cache';

/** Keeps nothing: already the examples fail. */
export const FORGETFUL = `class LruCache:
    def __init__(self, *args):
        pass

    def __getattr__(self, name):
        def nothing(*args):
            print("asked for", name)
        return nothing
`;

/** Does not compile, and the line is known. */
export const BROKEN = `class LruCache:
    def get(self:
        pass
`;
export const BROKEN_LINE = 2;
