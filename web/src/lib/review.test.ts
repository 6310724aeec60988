import { expect, test } from 'vitest';
import { inDays, progress, tradeOff, waiting } from './review';

test('intervals are as exact as anybody needs', () => {
  expect([0, 1, 13, 14, 46, 365].map(inDays)).toEqual(['today', '1 day', '13 days', '2 weeks', '7 weeks', '12 months']);
});

test('progress counts the card that is shown', () => {
  expect(progress(6, 6, 38)).toBe('7 of 12, about 4 minutes left');
  expect(progress(0, 1, 20)).toBe('1 of 1, about 1 minute left');
});

test('what waits is said plainly, and nothing else', () => {
  expect(waiting(0, 10)).toBe('');
  expect(waiting(1, 10)).toBe('1 more card is due and waits: 10 minutes a day hold no more, and it comes first on the next days.');
  expect(waiting(40, 1)).toContain('40 more cards are due and wait: 1 minute a day');
});

test('the trade-off of retention follows the forgetting curve', () => {
  expect(tradeOff(95)).toBe('Cards come up about 2 times as often as at 90 %.');
  expect(tradeOff(80)).toContain('3 times less often');
  expect(tradeOff(90)).toContain('Nine of ten');
});
