// j and k, or the arrows, walk the rows of a list; Enter follows the link that has the focus.
import type { Action } from './keys';

const ROW = '[data-row]';

export function listKeys(): Partial<Record<Action, (event: KeyboardEvent) => void | false>> {
  return { next: (event) => walk(event, 1), previous: (event) => walk(event, -1) };
}

/** Arrows scroll the page as ever, unless the focus is in the list already. */
function walk(event: KeyboardEvent, by: 1 | -1): void | false {
  if (event.key.startsWith('Arrow') && !document.activeElement?.matches(ROW)) return false;
  move(by);
}

export function move(by: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>(ROW)].filter((row) => row.offsetParent !== null);
  if (rows.length === 0) return;
  const at = rows.indexOf(document.activeElement as HTMLElement);
  const to = at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + by));
  rows[to]!.focus();
  rows[to]!.scrollIntoView({ block: 'nearest' });
}
