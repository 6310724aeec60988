// The addresses of the page.

export type Route =
  | { page: 'home' }
  | { page: 'bank' }
  | { page: 'item'; id: string }
  | { page: 'attempt'; id: string }
  | { page: 'history' }
  | { page: 'prepare' }
  | { page: 'job' }
  | { page: 'sets' }
  | { page: 'set'; id: string }
  | { page: 'plan' }
  | { page: 'review' }
  | { page: 'stories' }
  | { page: 'story'; id: string }
  | { page: 'loops' }
  | { page: 'loop'; id: string }
  | { page: 'data' }
  | { page: 'missing' };

/** Pages without a parameter are named as their path. */
const PLAIN = ['bank', 'history', 'prepare', 'job', 'sets', 'plan', 'review', 'stories', 'loops', 'data'] as const;

/** Pages of one thing, by the path above its id. */
const ONE = { items: 'item', attempts: 'attempt', sets: 'set', stories: 'story', loops: 'loop' } as const;

export function match(path: string): Route {
  const parts = path.split('/').filter(Boolean).map(decode);
  const [first, id] = parts;
  if (parts.length === 0) return { page: 'home' };
  const plain = PLAIN.find((page) => page === first);
  if (parts.length === 1 && plain) return { page: plain };
  if (parts.length === 2 && id && first && Object.hasOwn(ONE, first)) return { page: ONE[first as keyof typeof ONE], id };
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
  prepare: '/prepare',
  job: '/job',
  sets: '/sets',
  set: (id: string): string => `/sets/${encodeURIComponent(id)}`,
  plan: '/plan',
  review: '/review',
  stories: '/stories',
  story: (id: string): string => `/stories/${encodeURIComponent(id)}`,
  loops: '/loops',
  loop: (id: string): string => `/loops/${encodeURIComponent(id)}`,
  data: '/data',
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
