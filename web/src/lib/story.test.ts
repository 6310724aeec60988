import { expect, test } from 'vitest';
import { BLANK_STORY, entries, quotes, shortly } from './story';

test('entries are trimmed, counted once and never empty', () => {
  expect(entries(' a, b ,, a,\n c', /[,\n]/)).toEqual(['a', 'b', 'c']);
  expect(entries(Array.from({ length: 30 }, (_, i) => `n${i}`).join('\n'), /\n/)).toHaveLength(20);
});

test('the words in question are cut by bytes', () => {
  const story = { ...BLANK_STORY, action: 'Größe: we did it, we' };
  const finding = { part: 'action' as const, rule: 'mostly-we', why: '', spans: [{ start: 9, end: 11 }, { start: 20, end: 22 }] };
  expect(quotes(story, finding)).toEqual(['we', 'we']);
  expect(quotes({ ...story, action: '' }, finding)).toEqual([]);
});

test('many words are shown shortly', () => {
  expect(shortly(['a', 'b'])).toBe('“a”, “b”');
  expect(shortly(['a', 'b', 'c', 'd', 'e', 'f'])).toBe('“a”, “b”, “c”, “d” and 2 more');
});
