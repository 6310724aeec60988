import { expect, test } from 'vitest';
import { clock, localDate, number, plural, signed, when } from './format';

test('numbers', () => {
  expect([61.54, 60, -4.55, 0.04].map(number)).toEqual(['61.5', '60', '−4.5', '0']);
  expect([4.5, -2, 0, -0.04].map(signed)).toEqual(['+4.5', '−2', '±0', '±0']);
  expect([0, 1, 2].map((n) => plural(n, 'attempt'))).toEqual(['0 attempts', '1 attempt', '2 attempts']);
});

test('times', () => {
  expect([0, 67_900, 3_847_000].map(clock)).toEqual(['0:00', '1:07', '1:04:07']);
  const now = new Date(2026, 10, 22, 18, 0);
  expect(when(new Date(2026, 10, 22, 9, 5).toISOString(), now)).toBe('today, 09:05');
  expect(when(new Date(2026, 10, 21, 23, 59).toISOString(), now)).toBe('yesterday, 23:59');
  expect(when(new Date(2026, 9, 3, 1, 1).toISOString(), now)).toBe('3 Oct');
  expect(when(new Date(2025, 9, 3, 1, 1).toISOString(), now)).toBe('3 Oct 2025');
  expect(localDate(new Date(2026, 0, 2))).toBe('2026-01-02');
});
