// Today's questions: the same all day, another tomorrow, what is not yet done first.
import type { Item } from './api/types';

export function picks<T extends Pick<Item, 'id' | 'attempts' | 'core'>>(items: readonly T[], date: string): T[] {
  const rank = (item: T): number => (item.attempts > 0 ? 2 : item.core ? 0 : 1);
  const order = new Map(items.map((item) => [item, hash(`${date}/${item.id}`)]));
  return [...items].sort((a, b) => rank(a) - rank(b) || order.get(a)! - order.get(b)! || (a.id < b.id ? -1 : 1));
}

/** FNV-1a with a final mix (murmur3's): small, and spreads ids that differ in one letter. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
