import { expect, test } from 'vitest';
import type { Reading } from './api/types';
import { asking, dropped, move, quotes, standing } from './reading';

const reader = { model: 'small', sent_to: 'http://127.0.0.1:1' };
const off: Reading = { state: 'off', failure: null, reader: null, result: null };
const result = {
  model: 'large',
  sent_to: 'https://api.example.com',
  asked_at: '2026-11-22T12:00:00Z',
  verdicts: [
    { fact: 'a', finding: 'made', quote: { start: 2, end: 9, text: 'of ours' }, why: '', from: 'mentioned', to: 'met', ruling: 'confirmed' },
    { fact: 'b', finding: 'missing', quote: null, why: '', from: 'missed', to: 'missed', ruling: 'stands' },
  ],
  dropped: [
    { fact: 'c', reason: 'too_short' },
    { fact: 'd', reason: 'too_short' },
  ],
  scorecard: {} as NonNullable<Reading['result']>['scorecard'],
} satisfies Reading['result'];

test('off says and offers nothing', () => {
  expect([standing(off), asking(off), quotes(off), dropped(null)]).toEqual(['', null, [], '']);
});

test('it always says where the words go or went', () => {
  expect(standing({ ...off, state: 'reading', reader })).toContain(reader.sent_to);
  expect(standing({ ...off, state: 'unread', reader })).toContain(reader.sent_to);
  expect(standing({ ...off, state: 'read', reader, result })).toContain(result.sent_to);
});

test('a failure gives its reason and what helps, and the grade stands', () => {
  const said = standing({ ...off, state: 'failed', reader, failure: { reason: 'it answered 401', cure: 'check the key' } });
  expect(said).toMatch(/it answered 401.*grade stands.*check the key/);
});

test('it is asked only where that could say something new', () => {
  expect(asking({ ...off, state: 'unread', reader })).not.toBeNull();
  expect(asking({ ...off, state: 'failed', reader })).not.toBeNull();
  expect(asking({ ...off, state: 'reading', reader })).toBeNull();
  expect(asking({ ...off, state: 'read', reader, result })).toContain('small');
  expect(asking({ ...off, state: 'read', reader: { ...reader, model: 'large' }, result })).toBeNull();
  expect(asking({ ...off, state: 'read', result })).toBeNull();
});

test('verdicts in words, quotes as places', () => {
  expect(result.verdicts.map(move)).toEqual(['mentioned → met', 'stays missed']);
  expect(quotes({ ...off, state: 'read', result })).toEqual([{ key: 'coverage/a', status: 'met', start: 2, end: 9 }]);
  expect(dropped(result)).toBe('2 of its verdicts were dropped: with a quote too short to show anything.');
});
