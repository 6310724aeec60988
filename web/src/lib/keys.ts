// The keyboard map: what a key means, given what was pressed before and where the cursor is.

export type Action =
  | 'home' | 'bank' | 'prepare' | 'loops' | 'history' | 'help' | 'search' | 'next' | 'previous' | 'write' | 'leave' | 'submit' | 'run'
  | 'again' | 'study' | 'pass' | 'show' | 'undo' | 'tick' | 'coach' | 'dismiss' | 'confirm' | `option-${number}`;

export interface Pressed {
  key: string;
  ctrl?: boolean;
  meta?: boolean;
  alt?: boolean;
  /** The cursor is where letters are text: a text field, a menu. */
  typing?: boolean;
  /** The focus is on something that Enter already works: a link, a button. */
  onControl?: boolean;
}

export interface Step {
  pending: '' | 'g';
  action: Action | null;
}

const AFTER_G: Record<string, Action> = { h: 'home', b: 'bank', p: 'prepare', l: 'loops', y: 'history' };

const SINGLE: Record<string, Action> = {
  '?': 'help', '/': 'search', j: 'next', ArrowDown: 'next', k: 'previous', ArrowUp: 'previous',
  w: 'write', t: 'again', s: 'study', p: 'pass', u: 'undo', x: 'tick',
};

/** With Alt, so that they work while one types; the second of each is what a Mac makes of it. */
const WITH_ALT: Record<string, Action> = { c: 'coach', ç: 'coach', x: 'dismiss', '≈': 'dismiss' };

/** `single`: whether letters act alone; some people need that off. */
export function step(pending: Step['pending'], pressed: Pressed, single = true): Step {
  const nothing: Step = { pending: '', action: null };
  const { key, ctrl, meta, alt, typing, onControl } = pressed;
  if (key === 'Shift') return { pending, action: null };
  if (key === 'Enter' && (ctrl || meta)) return { pending: '', action: 'submit' };
  if (key === "'" && (ctrl || meta) && !alt) return { pending: '', action: 'run' };
  if (alt && !ctrl && !meta) return { pending: '', action: WITH_ALT[key.toLowerCase()] ?? null };
  if (ctrl || meta) return nothing;
  if (key === 'Escape') return { pending: '', action: 'leave' };
  if (typing) return nothing;
  if (key === 'Enter') return { pending: '', action: onControl ? null : 'confirm' };
  // A space works the control that has the focus, as ever.
  if (key === ' ') return { pending: '', action: onControl ? null : 'show' };
  if (!single && key.length === 1) return nothing;
  if (pending === 'g') return { pending: '', action: AFTER_G[key] ?? null };
  if (key === 'g') return { pending: 'g', action: null };
  if (/^[1-9]$/.test(key)) return { pending: '', action: `option-${Number(key) - 1}` };
  if (/^[a-d]$/.test(key)) return { pending: '', action: `option-${key.charCodeAt(0) - 97}` };
  return { pending: '', action: SINGLE[key] ?? null };
}

/** The key that makes Enter submit, as this machine labels it. */
const MAC = /Mac|iP(hone|ad)/.test(globalThis.navigator?.platform ?? '');
export const COMMAND = MAC ? '⌘' : 'Ctrl';

/** The key that reaches the coach while one types. */
export const ALT = MAC ? '⌥' : 'Alt';

/** What the help dialog lists. */
export const HELP: { title: string; rows: { keys: string[]; does: string }[] }[] = [
  {
    title: 'Anywhere',
    rows: [
      { keys: ['g', 'h'], does: 'home' },
      { keys: ['g', 'b'], does: 'bank' },
      { keys: ['g', 'p'], does: 'prepare' },
      { keys: ['g', 'l'], does: 'loops' },
      { keys: ['g', 'y'], does: 'history' },
      { keys: ['?'], does: 'this list' },
    ],
  },
  {
    title: 'Answering',
    rows: [
      { keys: ['w'], does: 'put the cursor in the answer or reply' },
      { keys: ['Esc'], does: 'leave the answer, so that single keys work' },
      { keys: [COMMAND, 'Enter'], does: 'submit' },
      { keys: ['s'], does: 'show or hide the study notes' },
      { keys: [ALT, 'c'], does: 'turn the coach on or off' },
      { keys: [ALT, 'x'], does: 'dismiss the coach’s first nudge' },
    ],
  },
  {
    title: 'Writing a program',
    rows: [
      { keys: [COMMAND, "'"], does: 'run what the tab shows: examples, your tests, your input' },
      { keys: [COMMAND, 'Enter'], does: 'submit' },
      { keys: ['Esc', 'Tab'], does: 'leave the editor; Tab alone indents' },
    ],
  },
  {
    title: 'Under questioning',
    rows: [
      { keys: ['1–4'], does: 'choose (also a to d)' },
      { keys: ['Enter'], does: 'confirm' },
      { keys: ['p'], does: 'pass' },
      { keys: ['t'], does: 'try the question again' },
    ],
  },
  {
    title: 'Reviewing cards',
    rows: [
      { keys: ['Space'], does: 'show the back, then the next card' },
      { keys: ['1–4'], does: 'choose on the front; again, hard, good, easy on the back' },
      { keys: ['u'], does: 'take the last grade back' },
    ],
  },
  {
    title: 'The plan',
    rows: [{ keys: ['x'], does: 'tick what has the focus' }],
  },
  {
    title: 'Lists',
    rows: [
      { keys: ['j', 'k'], does: 'down and up (or the arrows)' },
      { keys: ['Enter'], does: 'open' },
      { keys: ['/'], does: 'search' },
    ],
  },
];
