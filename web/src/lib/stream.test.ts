import { expect, test } from 'vitest';
import { messages } from './stream';

test('messages come whole, heartbeats are none', () => {
  expect(messages('event: attempt\nid: 0\ndata: {"a":1}\n\n: keep\n\nevent: x\ndata: {')).toEqual({
    whole: [{ event: 'attempt', data: '{"a":1}' }],
    rest: 'event: x\ndata: {',
  });
});

test('data on several lines is joined, and lines may end as on Windows', () => {
  expect(messages('data: one\r\ndata:two\r\n\r\n')).toEqual({ whole: [{ event: 'message', data: 'one\ntwo' }], rest: '' });
});
