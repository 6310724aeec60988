// A reply as the form holds it, as the API takes it, and as the page repeats it.
import type { Answered, Question, NewReply } from './api/types';

export interface Input {
  /** Indexes of the chosen options; for `order` in the order given. */
  chosen: number[];
  /** What was typed, for `number` and `probe`. */
  typed: string;
}

export const BLANK: Input = { chosen: [], typed: '' };

/** What choosing option `index` makes of the input. */
export function choose(question: Question, input: Input, index: number): Input {
  if (index < 0 || index >= question.options.length) return input;
  if (question.kind === 'choice') return { ...input, chosen: [index] };
  const has = input.chosen.includes(index);
  if (question.kind === 'order') {
    // Taking a step back out also takes out what was placed after it.
    return { ...input, chosen: has ? input.chosen.slice(0, input.chosen.indexOf(index)) : [...input.chosen, index] };
  }
  const chosen = has ? input.chosen.filter((i) => i !== index) : [...input.chosen, index];
  return { ...input, chosen: chosen.sort((a, b) => a - b) };
}

/** The reply, or the sentence that says what is missing. */
export function replyOf(question: Question, input: Input): NewReply | string {
  const { id, kind, options } = question;
  const { chosen, typed } = input;
  switch (kind) {
    case 'choice':
      return chosen.length === 1 ? { question: id, choice: chosen[0]! } : 'Choose one, or pass.';
    case 'pick':
      return chosen.length > 0 ? { question: id, choices: chosen } : 'Choose all that apply, or pass.';
    case 'order':
      return chosen.length === options.length ? { question: id, order: chosen } : 'Place every step, or pass.';
    case 'number': {
      const value = parseNumber(typed);
      return value === null ? 'Give a number, such as 1200 or 0.5, or pass.' : { question: id, number: value };
    }
    case 'probe':
      return typed.trim() ? { question: id, text: typed } : 'Write a sentence or two, or pass.';
  }
}

/** `1,200`, `1 200`, `1_200`, `0.5`, `-3`, `1.2e3`. */
function parseNumber(typed: string): number | null {
  const plain = typed.trim().replaceAll(/(?<=\d)[,_\s](?=\d{3}\b)/g, '');
  const value = Number(plain);
  return plain !== '' && Number.isFinite(value) ? value : null;
}

export function saidBy({ question, reply }: Answered): string {
  const option = (i: number): string => question.options[i] ?? `option ${i + 1}`;
  const trimmed = (text: string): string => text.replace(/\.$/, '');
  if (reply.pass) return 'pass';
  if (typeof reply.choice === 'number') return option(reply.choice);
  if (reply.choices) return reply.choices.map((i) => trimmed(option(i))).join('; ');
  if (reply.order) return reply.order.map((i) => trimmed(option(i))).join(' → ');
  if (typeof reply.number === 'number') return `${reply.number}${question.unit ? ` ${question.unit}` : ''}`;
  return reply.text ?? '';
}
