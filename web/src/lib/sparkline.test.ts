import { expect, test } from 'vitest';
import { plot } from './sparkline';

test('scores become points', () => {
  expect(plot([], 100, 28)).toEqual({ path: '', points: [] });
  expect(plot([50], 100, 28).points).toEqual([{ x: 50, y: 14 }]);
  expect(plot([0, 100, 130], 108, 28).path).toBe('M4 24L54 4L104 4');
});
