// Difference of two texts: Myers' O(ND), over words of an answer or lines of a program. White space at the
// end of a word or a line is no difference: what is unchanged is shown as it stands in the newer text.

export interface Piece {
  kind: 'same' | 'added' | 'removed';
  text: string;
}

/** Past this many edits the texts have so little in common that one replaced block reads better. */
const MAX_EDITS = 2_000;

export function diffWords(before: string, after: string): Piece[] {
  return diff(words(before), words(after));
}

/** As {@link diffWords}, line by line: one piece a line, without its end. */
export function diffLines(before: string, after: string): Piece[] {
  return diff(lines(before), lines(after)).flatMap(({ kind, text }) =>
    text.replace(/\n$/, '').split('\n').map((line) => ({ kind, text: line })),
  );
}

function diff(a: string[], b: string[]): Piece[] {
  const shorter = Math.min(a.length, b.length);
  let head = 0;
  while (head < shorter && same(a[head], b[head])) head++;
  let tail = 0;
  while (tail < shorter - head && same(a[a.length - 1 - tail], b[b.length - 1 - tail])) tail++;
  const middle = myers(a.slice(head, a.length - tail), b.slice(head, b.length - tail));
  return join([
    { kind: 'same', text: b.slice(0, head).join('') },
    ...middle,
    { kind: 'same', text: b.slice(b.length - tail).join('') },
  ]);
}

function same(a: string | undefined, b: string | undefined): boolean {
  return a?.trimEnd() === b?.trimEnd();
}

/** Words with the white space that follows them, so that a change never leaves a stray blank. */
function words(text: string): string[] {
  return text.match(/\S+\s*|\s+/gu) ?? [];
}

function lines(text: string): string[] {
  const all = text.split('\n').map((line) => `${line}\n`);
  return all.at(-1) === '\n' ? all.slice(0, -1) : all;
}

function myers(a: string[], b: string[]): Piece[] {
  const limit = Math.min(a.length + b.length, MAX_EDITS);
  const trace: Int32Array[] = [];
  let reach = new Int32Array(2 * limit + 3);
  const at = (k: number): number => k + limit + 1;
  for (let d = 0; d <= limit; d++) {
    trace.push(reach.slice(at(-d - 1), at(d + 1) + 1));
    const next = reach.slice();
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && reach[at(k - 1)]! < reach[at(k + 1)]!);
      let x = down ? reach[at(k + 1)]! : reach[at(k - 1)]! + 1;
      while (x < a.length && x - k < b.length && x - k >= 0 && same(a[x], b[x - k])) x++;
      next[at(k)] = x;
      if (x >= a.length && x - k >= b.length) return walkBack(a, b, trace, d);
    }
    reach = next;
  }
  return [
    { kind: 'removed', text: a.join('') },
    { kind: 'added', text: b.join('') },
  ];
}

function walkBack(a: string[], b: string[], trace: Int32Array[], edits: number): Piece[] {
  const pieces: Piece[] = [];
  let x = a.length;
  let y = b.length;
  for (let d = edits; d >= 0; d--) {
    const reach = trace[d]!;
    const get = (k: number): number => reach[k + d + 1]!;
    const k = x - y;
    const down = k === -d || (k !== d && get(k - 1) < get(k + 1));
    const fromK = down ? k + 1 : k - 1;
    const fromX = d === 0 ? 0 : get(fromK);
    const fromY = d === 0 ? 0 : fromX - fromK;
    while (x > fromX && y > fromY) {
      pieces.push({ kind: 'same', text: b[--y]! });
      x--;
    }
    if (d === 0) break;
    if (down) pieces.push({ kind: 'added', text: b[--y]! });
    else pieces.push({ kind: 'removed', text: a[--x]! });
  }
  return pieces.reverse();
}

/** Joins runs; within one change the removed words come before the added ones. */
function join(pieces: Piece[]): Piece[] {
  const joined: Piece[] = [];
  let removed = '';
  let added = '';
  const flush = (): void => {
    if (removed) joined.push({ kind: 'removed', text: removed });
    if (added) joined.push({ kind: 'added', text: added });
    removed = added = '';
  };
  for (const piece of pieces) {
    if (piece.kind === 'removed') removed += piece.text;
    else if (piece.kind === 'added') added += piece.text;
    else if (piece.text) {
      flush();
      const last = joined.at(-1);
      if (last?.kind === 'same') last.text += piece.text;
      else joined.push({ ...piece });
    }
  }
  flush();
  return joined;
}
