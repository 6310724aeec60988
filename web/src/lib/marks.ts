// A posting cut where its words chose a question.
import type { Mark, SetEntry } from './api/types';
import { indexesOfBytes } from './bytes';

export interface Piece {
  text: string;
  /** Numbers of the questions that these words chose, from 1; empty for plain text. */
  chose: number[];
}

/** Splits `text` at the marks of `source`. Joined again, the pieces are `text`. */
export function pieces(text: string, source: Mark['source'], entries: readonly SetEntry[]): Piece[] {
  const marks = entries.flatMap((entry, i) =>
    entry.reasons.flatMap((reason) => reason.marks.filter((m) => m.source === source).map((m) => ({ ...m, number: i + 1 }))),
  );
  const bounds = indexesOfBytes(
    text,
    marks.flatMap((m) => [m.start, m.end]),
  );
  const spans = marks.map((m, i) => ({ number: m.number, start: bounds[2 * i]!, end: bounds[2 * i + 1]! }));
  const cuts = [...new Set([0, text.length, ...bounds])].sort((a, b) => a - b);
  return cuts.slice(0, -1).map((start, i) => {
    const end = cuts[i + 1]!;
    const over = spans.filter((span) => span.start < end && span.end > start).map((span) => span.number);
    return { text: text.slice(start, end), chose: [...new Set(over)].sort((a, b) => a - b) };
  });
}
