import { expect, test } from 'vitest';
import { hide } from './hide';

test('names are hidden as whole words, the longer one whole', () => {
  expect(hide("Acme's log at ACME Pay, not Acmeson; a+b too.", ['acme', 'Acme Pay', 'a+b'])).toBe("[name]'s log at [name], not Acmeson; [name] too.");
  expect(hide('nothing', ['', ' '])).toBe('nothing');
});
