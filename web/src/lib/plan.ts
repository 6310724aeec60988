// The plan in words and addresses of the page.
import type { Activity, Area, NewPlan, Phase, Preset, PresetSettings } from './api/types';
import { localDate } from './format';
import { to } from './routes';

export const AREA: Record<Area, string> = {
  coding: 'Coding',
  fundamentals: 'Fundamentals',
  design: 'Design',
  operations: 'Operations',
  mocks: 'Mocks',
  'weak-spots': 'Weak spots',
  stories: 'Stories',
  recall: 'Cards',
  checklist: 'Checklist',
};

/** The areas that a phase can give a share. */
export const SHARED: Area[] = ['coding', 'fundamentals', 'design', 'operations', 'mocks', 'weak-spots', 'stories'];

export const KIND: Record<Activity['kind'], string> = {
  practise: 'Question',
  retry: 'Again, for what was missed',
  again: 'Again',
  read: 'Notes',
  problem: 'Program',
  chapter: 'Reading',
  sketch: 'Drawing',
  postmortem: 'Operations',
  'write-story': 'Write a story',
  rehearse: 'Tell a story',
  mock: 'Mock',
  cards: 'Cards',
  checklist: 'Checklist',
};

export const PRESET: Record<Preset, string> = {
  'eight-weeks': 'Eight weeks',
  'four-to-six-weeks': 'Four to six weeks',
  'two-to-three-weeks': 'Two to three weeks',
};

export const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** Where an activity is done; `null` for what is done away from Spar. */
export function place(activity: Pick<Activity, 'kind' | 'item'>): string | null {
  if (activity.item) return to.item(activity.item);
  if (activity.kind === 'cards') return to.review;
  if (activity.kind === 'mock') return to.loops;
  if (activity.kind === 'write-story' || activity.kind === 'rehearse') return to.stories;
  if (activity.kind === 'checklist') return '#checklist';
  return null;
}

/** The date so many days after another, both as `2026-11-22`. */
export function plusDays(date: string, days: number): string {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number];
  return localDate(new Date(year, month - 1, day + days));
}

/** `Mon 23 Nov`. */
export function told(date: string): string {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number];
  return new Date(year, month - 1, day).toLocaleDateString('en-GB', { weekday: 'short', day: 'numeric', month: 'short' });
}

/** Minutes that this clock is ahead of UTC. */
export function utcOffset(now = new Date()): number {
  return -now.getTimezoneOffset() || 0;
}

/** How long until the interview, as a clause. */
export function until(days: number): string {
  if (days < 0) return 'the interview is over';
  if (days === 0) return 'the interview is today';
  return days === 1 ? 'the interview is tomorrow' : `${days} days until the interview`;
}

/** The preset for so many days; the same cuts as the server's. */
export function presetFor(days: number): Preset {
  return days <= 24 ? 'two-to-three-weeks' : days <= 48 ? 'four-to-six-weeks' : 'eight-weeks';
}

/** What is wrong with phases before they are sent. */
export function wrongShares(phases: readonly Phase[]): string {
  for (const phase of phases) {
    const sum = phase.shares.reduce((all, share) => all + (share.percent || 0), 0);
    if (sum !== 100) return `The shares of “${phase.title}” add up to ${sum} %, not 100.`;
  }
  return '';
}

/** A share of every area, so that each has a field. */
export function allShares(phases: readonly Phase[]): Phase[] {
  return phases.map((phase) => ({
    ...phase,
    shares: SHARED.map((area) => phase.shares.find((s) => s.area === area) ?? { area, percent: 0 }),
  }));
}

/** What is sent: shares of nothing are left out. */
export function newPlan(plan: Omit<NewPlan, 'phases'> & PresetSettings): NewPlan {
  const phases = plan.phases.map((phase) => ({ ...phase, shares: phase.shares.filter((share) => share.percent > 0) }));
  return { ...plan, phases };
}
