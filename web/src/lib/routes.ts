// The addresses of the page.

export type Route =
  | { page: 'home' }
  | { page: 'bank' }
  | { page: 'item'; id: string }
  | { page: 'attempt'; id: string }
  | { page: 'history' }
  | { page: 'missing' };

export function match(path: string): Route {
  const parts = path.split('/').filter(Boolean).map(decode);
  const [first, id] = parts;
  if (parts.length === 0) return { page: 'home' };
  if (parts.length === 1 && first === 'bank') return { page: 'bank' };
  if (parts.length === 1 && first === 'history') return { page: 'history' };
  if (parts.length === 2 && first === 'items' && id) return { page: 'item', id };
  if (parts.length === 2 && first === 'attempts' && id) return { page: 'attempt', id };
  return { page: 'missing' };
}

export const to = {
  home: '/',
  bank: '/bank',
  history: '/history',
  item: (id: string, { previous, variant = 0 }: { previous?: string; variant?: number | undefined } = {}): string => {
    const query = new URLSearchParams();
    if (variant > 0) query.set('variant', String(variant));
    if (previous) query.set('previous', previous);
    return `/items/${encodeURIComponent(id)}${query.size > 0 ? `?${query}` : ''}`;
  },
  attempt: (id: string): string => `/attempts/${encodeURIComponent(id)}`,
};

/** Whether a click on a link is ours to handle, rather than the browser's. */
export function isInternal(href: string, origin: string): boolean {
  const url = new URL(href, origin);
  return url.origin === origin && !url.pathname.startsWith('/api/') && url.pathname !== '/metrics';
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
