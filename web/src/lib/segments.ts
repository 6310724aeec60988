// Cuts a submission where evidence starts and ends, so that each piece knows the criteria it proves.
import { indexesOfBytes } from './bytes';
import type { Group, Status } from './api/types';

export interface Cited {
  /** `group/criterion`, see {@link criterionKey}. */
  key: string;
  status: Status;
  start: number;
  end: number;
}

export interface Segment {
  text: string;
  cited: { key: string; status: Status }[];
}

export function criterionKey(group: string, criterion: string): string {
  return `${group}/${criterion}`;
}

/** Every span of a scorecard, in bytes. */
export function citations(groups: readonly Group[]): Cited[] {
  return groups.flatMap((group) =>
    group.criteria.flatMap((criterion) =>
      criterion.evidence.flatMap((evidence) =>
        evidence.type === 'span'
          ? [
              {
                key: criterionKey(group.id, criterion.id),
                status: criterion.status,
                start: evidence.start,
                end: evidence.end,
              },
            ]
          : [],
      ),
    ),
  );
}

/** Splits `text` at the bounds of `cited` (bytes). Joined again, the pieces are `text`. */
export function segments(text: string, cited: readonly Cited[]): Segment[] {
  const bounds = indexesOfBytes(
    text,
    cited.flatMap((c) => [c.start, c.end]),
  );
  const spans = cited.map((c, i) => ({ ...c, start: bounds[2 * i]!, end: bounds[2 * i + 1]! }));
  const cuts = [...new Set([0, text.length, ...bounds])].sort((a, b) => a - b);
  return cuts.slice(0, -1).map((start, i) => {
    const end = cuts[i + 1]!;
    const over = spans.filter((s) => s.start < end && s.end > start);
    return { text: text.slice(start, end), cited: over.map(({ key, status }) => ({ key, status })) };
  });
}
