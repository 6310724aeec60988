// The filters of the bank, kept in the address so that a view can be bookmarked.
import type { Item } from './api/types';

export interface Filters {
  q: string;
  round: string;
  kind: string;
  topic: string;
  level: string;
  competency: string;
  open: boolean;
}

const CHOICES = ['round', 'kind', 'topic', 'level', 'competency'] as const;
export type Choice = (typeof CHOICES)[number];

export const NO_FILTERS: Filters = { q: '', round: '', kind: '', topic: '', level: '', competency: '', open: false };

export function fromQuery(query: string): Filters {
  const params = new URLSearchParams(query);
  const filters = { ...NO_FILTERS, q: params.get('q') ?? '', open: params.get('done') === 'false' };
  for (const name of CHOICES) filters[name] = params.get(name) ?? '';
  return filters;
}

export function toQuery(filters: Filters): string {
  const params = new URLSearchParams();
  if (filters.q.trim()) params.set('q', filters.q.trim());
  for (const name of CHOICES) if (filters[name]) params.set(name, filters[name]);
  if (filters.open) params.set('done', 'false');
  const text = params.toString();
  return text && `?${text}`;
}

export function isFiltered(filters: Filters): boolean {
  return toQuery(filters) !== '';
}

/** `found`: ids in whose prompt the server found `q`; null while it has not answered. */
export function matches(item: Item, filters: Filters, found: ReadonlySet<string> | null): boolean {
  return (
    (!filters.round || item.round === filters.round) &&
    (!filters.kind || item.kind === filters.kind) &&
    (!filters.topic || item.topics.includes(filters.topic)) &&
    (!filters.level || item.levels.some((level) => level === filters.level)) &&
    (!filters.competency || item.competency === filters.competency) &&
    (!filters.open || item.attempts === 0) &&
    (hasWords(item, filters.q) || (found?.has(item.id) ?? false))
  );
}

function hasWords(item: Item, q: string): boolean {
  const hay = `${item.id} ${item.title} ${item.topics.join(' ')}`.toLowerCase();
  return q
    .toLowerCase()
    .split(/\s+/)
    .every((word) => hay.includes(word));
}

/** The values that occur in the bank, for the menus. */
export function values(items: readonly Item[], name: Choice): string[] {
  const all = items.flatMap((item) =>
    name === 'topic' ? item.topics : name === 'level' ? item.levels : [item[name]],
  );
  const found = [...new Set<string>(all)];
  if (name === 'level') return ['junior', 'mid', 'senior'].filter((level) => found.includes(level));
  return found.sort();
}
