import { describe, expect, test } from 'vitest';
import { withoutTypes } from './types.js';

/** Runs a program as the judge's shim loads it. */
function exportsOf(source) {
  const result = withoutTypes(source);
  const exports = {};
  new Function('exports', 'require', result.code)(exports, () => ({ platform: 'linux' }));
  return exports;
}

describe('withoutTypes', () => {
  test('an exported class works without its types', () => {
    const { Cache } = exportsOf(`
      import { platform } from 'node:os';
      interface Entry { value: string; at?: number }
      type Maybe<T> = T | null;
      enum Kind { Hot = 3, Cold }
      export class Cache<V extends string = string> {
        readonly #made: number = 1;
        private entries: Map<string, Entry> = new Map<string, Entry>();
        constructor(private capacity: number, readonly name?: string) {}
        put(key: string, value: V): void { this.entries.set(key, { value } as Entry); }
        get(key: string): Maybe<string> { return this.entries.get(key)!.value ?? null; }
        facts(): [number, Kind, string] { return [this.capacity + this.#made, Kind.Cold, platform]; }
      }
    `);
    const cache = new Cache(4);
    cache.put('a', 'b');
    expect(cache.get('a')).toBe('b');
    expect(cache.facts()).toEqual([5, 4, 'linux']);
  });

  test('lines keep their numbers', () => {
    const source = 'interface A {\n  a: number;\n}\n\nexport const line: number = 5;\n';
    const { code } = withoutTypes(source);
    expect(code.split('\n')).toHaveLength(source.split('\n').length);
    expect(code.split('\n')[4]).toContain('5');
  });

  test('a syntax error has its place and no place in its words', () => {
    expect(withoutTypes('const a = 1;\nconst b = = 2;\n')).toEqual({
      line: 2,
      column: 11,
      message: 'Unexpected token',
    });
  });

  test('nesting without end is a message like any other', () => {
    expect(withoutTypes('('.repeat(300_000))).toEqual({ line: 1, column: 1, message: 'Nested too deeply' });
  });
});
