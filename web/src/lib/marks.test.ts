import { expect, test } from 'vitest';
import type { SetEntry } from './api/types';
import { pieces } from './marks';

function entry(...marks: [number, number][]): SetEntry {
  const of = marks.map(([start, end]) => ({ source: 'description' as const, start, end, text: '' }));
  const elsewhere = { source: 'cv' as const, start: 0, end: 3, text: '' };
  return { reasons: [{ because: 'named', term: 't', says: '', marks: [...of, elsewhere] }] } as unknown as SetEntry;
}

test('a posting is cut where words chose questions, counted in bytes', () => {
  // “Für” has four bytes, so Kafka starts at byte 5.
  const text = 'Für Kafka, Go';
  const cut = pieces(text, 'description', [entry([5, 10]), entry([5, 10], [12, 14])]);
  expect(cut).toEqual([
    { text: 'Für ', chose: [] },
    { text: 'Kafka', chose: [1, 2] },
    { text: ', ', chose: [] },
    { text: 'Go', chose: [2] },
  ]);
  expect(cut.map((piece) => piece.text).join('')).toBe(text);
  expect(pieces('', 'description', [])).toEqual([]);
});
