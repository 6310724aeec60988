import { expect, test } from 'vitest';
import { segments, type Cited } from './segments';

const span = (key: string, start: number, end: number): Cited => ({ key, status: 'met', start, end });

function check(text: string, cited: Cited[], expected: string[]): void {
  const cut = segments(text, cited);
  expect(cut.map((s) => s.text).join('')).toBe(text);
  expect(cut.map((s) => `${s.text}<${s.cited.map((c) => c.key).join()}>`)).toEqual(expected);
}

test('cuts at the bounds of evidence', () => {
  check('no evidence', [], ['no evidence<>']);
  check('abcdef', [span('x', 2, 4)], ['ab<>', 'cd<x>', 'ef<>']);
  check('abcdef', [span('x', 0, 4), span('y', 2, 6)], ['ab<x>', 'cd<x,y>', 'ef<y>']);
  check('abcdef', [span('x', 0, 6), span('y', 0, 6)], ['abcdef<x,y>']);
  check('é–z', [span('x', 2, 5)], ['é<>', '–<x>', 'z<>']);
  check('', [], []);
});
