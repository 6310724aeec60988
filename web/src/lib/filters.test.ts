import { expect, test } from 'vitest';
import type { Item } from './api/types';
import { fromQuery, isFiltered, matches, NO_FILTERS, toQuery, values } from './filters';

const item = (over: Partial<Item>): Item =>
  ({
    id: 'pagination', title: 'Paging through a growing table', round: 'answer', kind: 'technical',
    competency: 'api-contracts', topics: ['paging', 'indexes'], levels: ['junior', 'mid'], minutes: 4, core: true,
    reviewed: '2026-11-22', revision: 'b3:0', attempts: 0, best: null, last: null, ...over,
  }) as Item;

test('the address and the filters say the same', () => {
  for (const query of ['', '?q=rate+limit&kind=technical&level=mid&done=false', '?topic=caching']) {
    expect(toQuery(fromQuery(query))).toBe(query);
  }
  expect(fromQuery('?unknown=1&done=true')).toEqual(NO_FILTERS);
  expect(isFiltered(NO_FILTERS)).toBe(false);
  expect(isFiltered({ ...NO_FILTERS, q: '  ' })).toBe(false);
});

test('every filter narrows', () => {
  const shows = (over: Partial<typeof NO_FILTERS>, of = item({}), found: Set<string> | null = null): boolean =>
    matches(of, { ...NO_FILTERS, ...over }, found);
  expect(shows({})).toBe(true);
  expect(shows({ kind: 'remote' })).toBe(false);
  expect(shows({ topic: 'indexes', level: 'mid', competency: 'api-contracts', round: 'answer' })).toBe(true);
  expect(shows({ level: 'senior' })).toBe(false);
  expect(shows({ open: true }, item({ attempts: 2 }))).toBe(false);
  expect(shows({ q: 'TABLE paging' })).toBe(true);
  expect(shows({ q: 'cursor' })).toBe(false);
  expect(shows({ q: 'cursor' }, item({}), new Set(['pagination']))).toBe(true);
  expect(shows({ q: 'cursor', kind: 'remote' }, item({}), new Set(['pagination']))).toBe(false);
});

test('menus offer what the bank holds', () => {
  const bank = [item({}), item({ topics: ['caching'], levels: ['senior'] })];
  expect(values(bank, 'topic')).toEqual(['caching', 'indexes', 'paging']);
  expect(values(bank, 'level')).toEqual(['junior', 'mid', 'senior']);
});
