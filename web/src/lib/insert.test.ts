import { expect, test } from 'vitest';
import { placed } from './insert';

test('words stand apart from what is around them', () => {
  expect(placed('', 0, 'One.')).toEqual({ text: 'One.', caret: 4 });
  expect(placed('One.', 4, 'Two.')).toEqual({ text: 'One. Two.', caret: 9 });
  expect(placed('One.\n', 5, 'Two.')).toEqual({ text: 'One.\nTwo.', caret: 9 });
  expect(placed('One three', 3, 'two')).toEqual({ text: 'One two three', caret: 7 });
  expect(placed('One, three', 3, 'two')).toEqual({ text: 'One two, three', caret: 7 });
  expect(placed('three', 0, 'One two')).toEqual({ text: 'One two three', caret: 7 });
});
