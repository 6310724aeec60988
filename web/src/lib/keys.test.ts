import { expect, test } from 'vitest';
import { step, type Pressed, type Step } from './keys';

/** Presses keys one after the other and lists the actions. */
function check(keys: (string | Pressed)[], expected: Step['action'][], single = true): void {
  let pending: Step['pending'] = '';
  const actions = keys.map((key) => {
    const result = step(pending, typeof key === 'string' ? { key } : key, single);
    pending = result.pending;
    return result.action;
  });
  expect(actions).toEqual(expected);
}

test('g and a letter go places', () => {
  check(['g', 'h'], [null, 'home']);
  check(['g', 'b', 'b'], [null, 'bank', 'option-1']);
  check(['g', 'x', 'y'], [null, null, null]);
  check(['g', 'g', 'y'], [null, null, null]);
});

test('one key an answer', () => {
  check(['1', '4', 'a', 'd', 'e'], ['option-0', 'option-3', 'option-0', 'option-3', null]);
  check(['Enter', { key: 'Enter', onControl: true }, 'p'], ['confirm', null, 'pass']);
});

test('letters are text while typing', () => {
  check(
    [{ key: 'g', typing: true }, { key: 'h', typing: true }, { key: '?', typing: true }, { key: 'Enter', typing: true }],
    [null, null, null, null],
  );
  check([{ key: 'Enter', ctrl: true, typing: true }, { key: 'Enter', meta: true }], ['submit', 'submit']);
  check([{ key: "'", ctrl: true, typing: true }, { key: "'", meta: true }, { key: "'", typing: true }], ['run', 'run', null]);
  check([{ key: 'Escape', typing: true }], ['leave']);
});

test("the browser's own shortcuts are left alone", () => {
  check([{ key: 'b', ctrl: true }, { key: 'k', meta: true }, { key: 'ArrowUp', alt: true }], [null, null, null]);
});

test('the coach is reached with Alt, also while typing', () => {
  check([{ key: 'c', alt: true, typing: true }, { key: 'X', alt: true, typing: true }, { key: '≈', alt: true }], ['coach', 'dismiss', 'dismiss']);
  // AltGr, by which some layouts type letters, counts as Ctrl and Alt.
  check([{ key: 'x', alt: true, ctrl: true, typing: true }, { key: 'x', typing: true }, 'x'], [null, null, 'tick']);
});

test('single keys can be off', () => {
  check(['g', 'h', '?', 'j', '1', 'ArrowDown', { key: 'Enter', ctrl: true }], [null, null, null, null, null, 'next', 'submit'], false);
});
