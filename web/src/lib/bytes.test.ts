import { expect, test } from 'vitest';
import { indexesOfBytes } from './bytes';

function check(text: string, part: string): void {
  const encoder = new TextEncoder();
  const before = text.slice(0, text.indexOf(part));
  const start = encoder.encode(before).length;
  const end = start + encoder.encode(part).length;
  const [from, to] = indexesOfBytes(text, [start, end]);
  expect(text.slice(from, to)).toBe(part);
}

test('byte offsets become string indexes in text of any script', () => {
  check('plain words only', 'words');
  check('naïve café, then the point', 'the point');
  check('über größe — “quoted” end', '“quoted”');
  check('日本語の文、then ascii', 'then');
  check('emoji 👩‍🚀 and more 🚀 text', 'more 🚀');
});

test('offsets come back in the order given, and none passes the end', () => {
  expect(indexesOfBytes('aéb', [4, 0, 3, 1, 99])).toEqual([3, 0, 2, 1, 3]);
  expect(indexesOfBytes('', [0, 5])).toEqual([0, 0]);
});
