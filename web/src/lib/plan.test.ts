import { expect, test } from 'vitest';
import { allShares, newPlan, place, plusDays, presetFor, until, wrongShares } from './plan';

test('dates follow the calendar, across months, years and clock changes', () => {
  expect(plusDays('2026-12-31', 1)).toBe('2027-01-01');
  expect(plusDays('2026-03-28', 2)).toBe('2026-03-30');
  expect(plusDays('2026-03-01', -1)).toBe('2026-02-28');
});

test('an activity leads to where it is done', () => {
  expect(place({ kind: 'retry', item: 'pagination' })).toBe('/items/pagination');
  expect(place({ kind: 'cards', item: null })).toBe('/review');
  expect(place({ kind: 'problem', item: null })).toBeNull();
});

test('the words until the interview', () => {
  expect([-1, 0, 1, 9].map(until)).toEqual([
    'the interview is over',
    'the interview is today',
    'the interview is tomorrow',
    '9 days until the interview',
  ]);
});

test('shares must make a whole', () => {
  const phases = [{ title: 'One', days: 7, shares: [{ area: 'coding' as const, percent: 60 }] }];
  expect(wrongShares(phases)).toBe('The shares of “One” add up to 60 %, not 100.');
  const all = allShares(phases);
  expect(all[0]!.shares).toHaveLength(7);
  all[0]!.shares.find((s) => s.area === 'design')!.percent = 40;
  expect(wrongShares(all)).toBe('');
  const sent = newPlan({ phases: all } as never);
  expect(sent.phases![0]!.shares).toEqual([{ area: 'coding', percent: 60 }, { area: 'design', percent: 40 }]);
});

test('the preset fits the days', () => {
  expect([10, 24, 25, 48, 49].map(presetFor)).toEqual([
    'two-to-three-weeks', 'two-to-three-weeks', 'four-to-six-weeks', 'four-to-six-weeks', 'eight-weeks',
  ]);
});
