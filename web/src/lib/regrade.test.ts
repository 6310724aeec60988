import { expect, test } from 'vitest';
import { newOverride } from './regrade';

test('a fact takes a status, delivery a share, and both a reason', () => {
  expect(newOverride(true, 'met', ' I said so. ')).toEqual({ status: 'met', reason: 'I said so.' });
  expect(newOverride(false, '0', 'No.')).toEqual({ share: 0, reason: 'No.' });
  expect(newOverride(false, ' 75 % ', 'Most.')).toEqual({ share: 75, reason: 'Most.' });
});

test('what is missing is named, the value first', () => {
  for (const [isFact, value, reason, field] of [
    [true, '', '', 'value'],
    [true, 'prompted', 'x', 'value'],
    [true, 'met', ' \n', 'reason'],
    [false, '', 'x', 'value'],
    [false, '101', 'x', 'value'],
    [false, '-1', 'x', 'value'],
    [false, '7.5', 'x', 'value'],
    [false, '1e1', 'x', 'value'],
    [false, '50', '', 'reason'],
  ] as const) {
    expect(newOverride(isFact, value, reason), `${value} ${reason}`).toMatchObject({ field });
  }
});
