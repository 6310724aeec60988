import { expect, test } from 'vitest';
import { countWords, spokenTime } from './words';

test('counts words between white space of any kind', () => {
  expect(countWords('')).toBe(0);
  expect(countWords('  \n ')).toBe(0);
  expect(countWords("It's read-only,\n\tso 429.")).toBe(4);
});

test('says how long an answer takes aloud', () => {
  const cases: [number, string][] = [
    [0, 'under ½ min'],
    [75, '½ min'],
    [150, '1 min'],
    [225, '1½ min'],
    [600, '4 min'],
  ];
  for (const [words, expected] of cases) expect(spokenTime(words)).toBe(expected);
});
