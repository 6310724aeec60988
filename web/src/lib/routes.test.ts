import { expect, test } from 'vitest';
import { isInternal, match, to } from './routes';

test('addresses lead to pages', () => {
  expect(match('/')).toEqual({ page: 'home' });
  expect(match('/bank')).toEqual({ page: 'bank' });
  expect(match('/bank/')).toEqual({ page: 'bank' });
  expect(match('/items/url-shortener')).toEqual({ page: 'item', id: 'url-shortener' });
  expect(match('/attempts/01J')).toEqual({ page: 'attempt', id: '01J' });
  expect(match('/history')).toEqual({ page: 'history' });
  expect(match('/stories')).toEqual({ page: 'stories' });
  expect(match('/stories/01J')).toEqual({ page: 'story', id: '01J' });
  expect(match('/loops/01J')).toEqual({ page: 'loop', id: '01J' });
  for (const path of ['/items', '/toString/x', '/plan/x', '/items/a/b', '/nowhere', '/history/x']) expect(match(path)).toEqual({ page: 'missing' });
  expect(match('/items/%E0%A4%A')).toEqual({ page: 'item', id: '%E0%A4%A' });
});

test('pages lead to addresses and back', () => {
  expect(match(to.item('a b'))).toEqual({ page: 'item', id: 'a b' });
  expect(to.item('x', { previous: '01J' })).toBe('/items/x?previous=01J');
  expect(to.item('x', { previous: '01J', variant: 2 })).toBe('/items/x?variant=2&previous=01J');
  expect(to.item('x', { variant: 0 })).toBe('/items/x');
});

test('only our own pages are handled', () => {
  const origin = 'http://127.0.0.1:7777';
  expect(isInternal('/bank', origin)).toBe(true);
  expect(isInternal('/api/v1/export', origin)).toBe(false);
  expect(isInternal('https://example.org/', origin)).toBe(false);
});
