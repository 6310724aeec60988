import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Refused, Unreachable } from './api/http';
import type { NewCoaching } from './api/types';
import { Coach } from './coach.svelte';

interface Asked {
  body: NewCoaching;
  say: (...ids: string[]) => Promise<void>;
  fail: (error: Error) => Promise<void>;
}

/** Requests in the order in which they came, answered by hand. */
const asked = vi.hoisted(() => [] as Asked[]);

vi.mock('./api/client', () => ({
  api: {
    coach: (_: string, body: NewCoaching) =>
      new Promise((resolve, reject) => {
        const settle = () => vi.advanceTimersByTimeAsync(0).then(() => undefined);
        const nudge = (id: string) => ({ id, kind: 'fact', text: `Say ${id}.`, because: { reason: '', fact: null, span: null } });
        const rest = { heard: { facts: 1, made: 0, touched: 0, contradicted: 0 }, delivery: { words: 1, words_a_minute: null, fillers: 0, pause_ms: 0, nudge: null } };
        asked.push({
          body,
          say: (...ids) => (resolve({ nudges: ids.map(nudge), ...rest }), settle()),
          fail: (error) => (reject(error), settle()),
        });
      }),
  },
}));

beforeEach(() => {
  vi.useFakeTimers();
  asked.length = 0;
});
afterEach(() => {
  vi.useRealTimers();
});

const ids = (coach: Coach): string[] => coach.nudges.map((nudge) => nudge.id);

test('asks at the end of a sentence at once, and within one only after a pause', async () => {
  const coach = new Coach('an-item');
  coach.hear('');
  await asked[0]!.say('opening');
  expect(ids(coach)).toEqual(['opening']);
  coach.hear('We count');
  await vi.advanceTimersByTimeAsync(600);
  coach.hear('We count in Redis');
  await vi.advanceTimersByTimeAsync(600);
  expect(asked).toHaveLength(1);
  coach.hear('We count in Redis.');
  expect(asked).toHaveLength(2);
  await asked[1]!.say();
  coach.hear('We count in Redis. And');
  await vi.advanceTimersByTimeAsync(700);
  expect(asked).toHaveLength(3);
  expect(asked[2]!.body.text).toBe('We count in Redis. And');
  expect(asked[2]!.body.timeline!.map((point) => point.words)).toEqual([0, 4, 5]);
  coach.stop();
});

test('has one request under way, and then asks about the newest text', async () => {
  const coach = new Coach('an-item');
  coach.hear('One.');
  coach.hear('One. Two.');
  coach.hear('One. Two. Three.');
  expect(asked).toHaveLength(1);
  await asked[0]!.say('a');
  expect(ids(coach)).toEqual(['a']);
  expect(asked.map((one) => one.body.text)).toEqual(['One.', 'One. Two. Three.']);
  coach.stop();
});

test('drops an answer to words that are no longer there', async () => {
  const coach = new Coach('an-item');
  coach.hear('One.');
  coach.hear('Another text. And more.');
  await asked[0]!.say('stale');
  expect(ids(coach)).toEqual([]);
  await asked[1]!.say('fresh');
  expect(ids(coach)).toEqual(['fresh']);
  expect(coach.news).toBe('Say fresh.');
  coach.stop();
});

test('a dismissed nudge does not come back, not even with an answer that was under way', async () => {
  const coach = new Coach('an-item');
  coach.hear('One.');
  await asked[0]!.say('a', 'b');
  coach.hear('One. Two.');
  coach.dismiss('a');
  expect(ids(coach)).toEqual(['b']);
  await asked[1]!.say('a', 'b');
  expect(ids(coach)).toEqual(['b']);
  expect(asked[2]!.body.dismissed).toEqual(['a']);
  coach.stop();
});

test('waits when the machine is busy, says when it does not answer, and is silent once stopped', async () => {
  const coach = new Coach('an-item');
  coach.hear('One.');
  const problem = { type: '', title: '', status: 503, detail: 'busy', code: 'grading_busy' };
  await asked[0]!.fail(new Refused(problem, 2));
  expect([coach.trouble, asked.length]).toEqual(['', 1]);
  await vi.advanceTimersByTimeAsync(2_000);
  await asked[1]!.fail(new Unreachable());
  expect(coach.trouble).toMatch(/not answering/);
  coach.hear('One. Two.');
  coach.stop();
  await asked[2]!.say('late');
  expect(ids(coach)).toEqual([]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toHaveLength(3);
});
