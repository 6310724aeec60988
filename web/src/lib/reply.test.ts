import { expect, test } from 'vitest';
import type { Answered, Question } from './api/types';
import { BLANK, choose, replyOf, saidBy, type Input } from './reply';

const question = (kind: Question['kind']): Question => ({
  id: 'q', kind, ask: '?', because: 'mentioned', options: ['One.', 'Two.', 'Three.'], unit: 'req/s', number: 1, of: 5,
});

function check(kind: Question['kind'], presses: number[], expected: unknown): void {
  const q = question(kind);
  expect(replyOf(q, presses.reduce((input, i) => choose(q, input, i), BLANK))).toEqual(expected);
}

test('choosing, kind by kind', () => {
  check('choice', [], 'Choose one, or pass.');
  check('choice', [0, 2], { question: 'q', choice: 2 });
  check('choice', [7], 'Choose one, or pass.');
  check('pick', [2, 0, 1, 1], { question: 'q', choices: [0, 2] });
  check('order', [2, 0], 'Place every step, or pass.');
  check('order', [2, 0, 1], { question: 'q', order: [2, 0, 1] });
  check('order', [2, 0, 1, 0, 1, 0], { question: 'q', order: [2, 1, 0] });
});

test('typing, kind by kind', () => {
  const typed = (kind: Question['kind'], text: string): unknown => replyOf(question(kind), { ...BLANK, typed: text } as Input);
  for (const text of ['1200', '1,200', ' 1 200 ', '1_200', '1.2e3']) expect(typed('number', text)).toEqual({ question: 'q', number: 1200 });
  expect(typed('number', '0.5')).toEqual({ question: 'q', number: 0.5 });
  for (const text of ['', 'many', '1,2', 'Infinity']) expect(typed('number', text)).toMatch(/^Give a number/);
  expect(typed('probe', ' \n')).toMatch(/^Write/);
  expect(typed('probe', 'Because.')).toEqual({ question: 'q', text: 'Because.' });
});

test('what was said is repeated in words', () => {
  const said = (reply: object): string => saidBy({ question: question('choice'), reply } as unknown as Answered);
  expect(said({ choice: 1 })).toBe('Two.');
  expect(said({ choices: [0, 2] })).toBe('One; Three');
  expect(said({ order: [1, 0] })).toBe('Two → One');
  expect(said({ number: 1157 })).toBe('1157 req/s');
  expect(said({ pass: true })).toBe('pass');
  expect(said({ text: 'Hm.' })).toBe('Hm.');
});
