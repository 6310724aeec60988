import { expect, test } from 'vitest';
import { diffLines, diffWords, type Piece } from './diff';

function pieces(before: string, after: string): Piece[] {
  const all = diffWords(before, after);
  const words = (without: Piece['kind']): string[] =>
    all.flatMap((p) => (p.kind === without ? [] : (p.text.match(/\S+/g) ?? [])));
  expect(all.filter((p) => p.kind !== 'removed').map((p) => p.text).join('')).toBe(after);
  expect(words('added')).toEqual(before.match(/\S+/g) ?? []);
  return all;
}

function check(before: string, after: string, expected: string): void {
  const all = pieces(before, after);
  const sign = { same: '', added: '+', removed: '-' };
  expect(all.map((p) => (p.kind === 'same' ? p.text : `[${sign[p.kind]}${p.text}]`)).join('')).toBe(expected);
}

test('shows words that went and words that came', () => {
  check('', '', '');
  check('same text', 'same text', 'same text');
  check('', 'all new', '[+all new]');
  check('all old', '', '[-all old]');
  check('use a token bucket here', 'use a shared token bucket here', 'use a [+shared ]token bucket here');
  check('return 503 to the client', 'return 429 to the client', 'return [-503 ][+429 ]to the client');
  check('a first line', 'a first line, and a second', 'a first [-line][+line, and a second]');
  check('the end', 'the end of it', 'the end [+of it]');
  check('two\nlines', 'two lines', 'two lines');
});

test('holds for any pair of texts', () => {
  let seed = 7;
  const random = (n: number): number => (seed = (seed * 48271) % 2147483647) % n;
  const text = (): string => Array.from({ length: random(40) }, () => 'abcde'[random(5)]).join(' ');
  for (let i = 0; i < 300; i++) {
    pieces(text(), text());
  }
});

test('gives up on the smallest difference, not on time, when texts share nothing', () => {
  const words = (prefix: string): string => Array.from({ length: 6000 }, (_, i) => `${prefix}${i}`).join(' ');
  expect(diffWords(words('a'), words('b')).map((p) => p.kind)).toEqual(['removed', 'added']);
});

test('lines of a program', () => {
  const kinds = (before: string, after: string): string[] =>
    diffLines(before, after).map(({ kind, text }) => `${{ same: ' ', added: '+', removed: '-' }[kind]}${text}`);
  expect(kinds('a\nb\nc\n', 'a\nx\ny\nc\n')).toEqual([' a', '-b', '+x', '+y', ' c']);
  expect(kinds('a\n\nb', 'a\n\nb\n')).toEqual([' a', ' ', ' b']);
  expect(kinds('', 'a\n')).toEqual(['+a']);
  expect(kinds('  a\n', 'a\n')).toEqual(['-  a', '+a']);
});
