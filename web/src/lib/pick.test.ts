import { expect, test } from 'vitest';
import { picks } from './pick';

const items = Array.from({ length: 12 }, (_, i) => ({ id: `item-${i}`, attempts: i % 3, core: i % 2 === 0 }));

test('the order depends on the date alone', () => {
  const ids = (date: string): string[] => picks([...items].reverse(), date).map((i) => i.id);
  expect(ids('2026-11-22')).toEqual(picks(items, '2026-11-22').map((i) => i.id));
  expect(ids('2026-11-22')).not.toEqual(ids('2026-11-23'));
});

test('what is not done comes first, core questions before the rest', () => {
  const ranks = picks(items, '2026-11-22').map((i) => (i.attempts > 0 ? 2 : i.core ? 0 : 1));
  expect(ranks).toEqual([...ranks].sort());
});

test('over a month every open core question gets its day', () => {
  const first = new Set(Array.from({ length: 31 }, (_, d) => picks(items, `2026-12-${d + 1}`)[0]!.id));
  expect([...first].sort()).toEqual(['item-0', 'item-6']);
});
