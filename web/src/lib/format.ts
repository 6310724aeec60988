// Numbers, times and plurals as the page words them.

/** At most one decimal, with a true minus sign. */
export function number(value: number): string {
  return (Math.round(value * 10) / 10).toString().replace('-', '−');
}

/** A change: `+4.5`, `−2`, `±0`. */
export function signed(value: number): string {
  const text = number(value);
  return text === '0' || text === '−0' ? '±0' : text.startsWith('−') ? text : `+${text}`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** `4:07`, or `1:04:07` past an hour. */
export function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const pad = (n: number): string => String(n).padStart(2, '0');
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${pad(m)}:${pad(s)}` : `${m}:${pad(s)}`;
}

/** `today, 14:05`, `yesterday, 09:30`, `12 Nov`, `12 Nov 2025`, in local time. */
export function when(iso: string, now = new Date()): string {
  const date = new Date(iso);
  const day = (d: Date): number => new Date(d.getFullYear(), d.getMonth(), d.getDate()).getTime();
  const daysAgo = Math.round((day(now) - day(date)) / 86_400_000);
  const pad = (n: number): string => String(n).padStart(2, '0');
  const time = `${pad(date.getHours())}:${pad(date.getMinutes())}`;
  if (daysAgo === 0) return `today, ${time}`;
  if (daysAgo === 1) return `yesterday, ${time}`;
  const sameYear = date.getFullYear() === now.getFullYear();
  return date.toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'short',
    ...(sameYear ? {} : { year: 'numeric' }),
  });
}

/** The local date as `2026-11-22`. */
export function localDate(now = new Date()): string {
  const pad = (n: number): string => String(n).padStart(2, '0');
  return `${now.getFullYear()}-${pad(now.getMonth() + 1)}-${pad(now.getDate())}`;
}
