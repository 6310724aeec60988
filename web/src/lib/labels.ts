// The glossary in words of the page.
import type { Answered, Band, NudgeKind, Status } from './api/types';

export const STATUS: Record<Status, { word: string; meaning: string }> = {
  met: { word: 'met', meaning: 'there, and right' },
  partial: { word: 'partial', meaning: 'there in part' },
  mentioned: { word: 'mentioned', meaning: 'touched, not confirmed' },
  prompted: { word: 'prompted', meaning: 'missed at first, right when asked' },
  missed: { word: 'missed', meaning: 'not there' },
  contradicted: { word: 'contradicted', meaning: 'there, and wrong' },
  not_assessed: { word: 'not assessed', meaning: 'not looked at' },
};

export const BAND: Record<Band, string> = { missing: 'Missing', partial: 'Partial', solid: 'Solid' };

export const VERDICT: Record<Answered['verdict'], string> = {
  right: 'Right.',
  partly: 'Right in part.',
  wrong: 'Not so.',
  open: 'Left open.',
};

/** What a nudge of the coach is about. */
export const NUDGE: Record<NudgeKind, string> = {
  clarify: 'Ask or assume',
  fact: 'A point',
  trade_off: 'A trade-off',
  figure: 'A figure',
  arithmetic: 'A sum',
  frame: 'The order',
  result: 'The result',
  length: 'The length',
  pace: 'Pace',
  fillers: 'Fillers',
  silence: 'A pause',
};

const COMPETENCY: Record<string, string> = {
  'data-modelling': 'Data modelling',
  'api-contracts': 'API contracts',
  'concurrency-consistency': 'Concurrency and consistency',
  'failure-resilience': 'Failure and resilience',
  operations: 'Operations',
  coding: 'Coding',
  'communication-ownership': 'Communication and ownership',
};

/** The order in which competencies are listed; unknown ones follow. */
export const COMPETENCIES = Object.keys(COMPETENCY);

export function competency(id: string): string {
  return COMPETENCY[id] ?? sentence(id);
}

/** `failure-modes` as `Failure modes`. */
export function sentence(slug: string): string {
  return capital(slug.replaceAll(/[-_]/g, ' '));
}

/** `event streams` as `Event streams`. */
export function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What a set is called: title and company, else role and level. */
export function setName(set: { title: string; company: string; role: string; level: string }): string {
  return [set.title.trim() || `${sentence(set.role)}, ${set.level}`, set.company.trim()].filter(Boolean).join(', ');
}

/** `['junior', 'mid', 'senior']` as `all levels`, otherwise joined with `to` or `and`. */
export function levels(list: readonly string[]): string {
  if (list.length >= 3) return 'all levels';
  return list.join(' and ');
}

/** How much a question of a set weighs. */
export const WEIGHT: Record<number, string> = { 1: 'worth a look', 2: 'expected', 3: 'decisive' };
