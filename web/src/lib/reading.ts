// A second reading in words: what was said of a fact, and what came of it.
import type { Reading, ReadVerdict } from './api/types';
import { STATUS } from './labels';
import { criterionKey, type Cited } from './segments';

export const FINDING: Record<ReadVerdict['finding'], string> = {
  made: 'made, and right',
  half: 'made in part',
  missing: 'not made',
  wrong: 'said wrong',
};

/** Why a verdict moved the fact, or why it did not. */
export const RULING: Record<ReadVerdict['ruling'], string> = {
  confirmed: 'the mention is confirmed by its words',
  halved: 'it counts in part',
  found: 'not seen offline, so it counts in part',
  refuted: 'the mention is refuted by its words',
  disputed: 'confirmed offline and disputed, so one step down',
  stands: 'nothing to move',
  unquoted: 'without a quote nothing moves',
  elsewhere: 'the quote lies elsewhere, so nothing moves',
  quote_spent: 'its quote moved two facts already',
  allowance_spent: 'no more facts can be found by reading alone',
  answered: 'your reply to the follow-up outweighs it',
};

const DROPPED: Record<string, string> = {
  malformed: 'not what was asked for',
  unknown_fact: 'on a fact that nobody asked about',
  duplicate: 'said twice',
  unknown_finding: 'not a finding',
  no_quote: 'without a quote',
  not_in_answer: 'with a quote that is not in the answer',
  withheld: 'with a quote that is no part of the answer',
  too_short: 'with a quote too short to show anything',
  too_long: 'with a quote too long to point at anything',
};

/** "mentioned → met", or "stays mentioned". */
export function move({ from, to }: Pick<ReadVerdict, 'from' | 'to'>): string {
  return from === to ? `stays ${STATUS[from].word}` : `${STATUS[from].word} → ${STATUS[to].word}`;
}

/** Verdicts that the reader could not prove, as one sentence; empty when there are none. */
export function dropped(result: Reading['result']): string {
  const all = result?.dropped ?? [];
  if (all.length === 0) return '';
  const reasons = [...new Set(all.map(({ reason }) => DROPPED[reason] ?? reason))];
  return `${all.length} of its verdicts ${all.length === 1 ? 'was' : 'were'} dropped: ${reasons.join(', ')}.`;
}

/** What the reader quotes, to be marked in the answer with the evidence of the same facts. */
export function quotes(reading: Reading): Cited[] {
  return (reading.result?.verdicts ?? []).flatMap(({ fact, quote, to }) =>
    quote ? [{ key: criterionKey('coverage', fact), status: to, start: quote.start, end: quote.end }] : [],
  );
}

/** Where a reading stands, as a sentence for the page and for those who listen; empty when there is nothing to say. */
export function standing({ state, reader, result, failure }: Reading): string {
  switch (state) {
    case 'reading':
      return reader ? `${reader.model} at ${reader.sent_to} reads your answer a second time.` : 'Your answer is read a second time.';
    case 'read':
      return result ? `Read a second time by ${result.model}. Your answer was sent to ${result.sent_to}.` : '';
    case 'failed':
      return failure ? `No ${result ? 'new' : 'second'} reading: ${failure.reason}. The grade stands. What helps: ${failure.cure}.` : '';
    case 'unread':
      return reader ? `Not read a second time. ${reader.model} at ${reader.sent_to} can.` : '';
    case 'off':
      return '';
  }
}

/** Whether asking would give something new, and in which words to ask. */
export function asking({ state, reader, result }: Reading): string | null {
  if (!reader || state === 'reading') return null;
  if (state === 'unread') return 'Read it a second time';
  if (state === 'failed') return 'Ask again';
  return result && result.model !== reader.model ? `Read it with ${reader.model}` : null;
}
