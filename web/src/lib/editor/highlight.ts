// A program as lines of coloured pieces, for showing it where it is not edited.
import { highlightCode } from '@lezer/highlight';
import type { Language } from '../api/types';
import { grammar } from './languages';
import { classes } from './theme';

export interface Piece {
  text: string;
  /** `word`, `text`, `value`, `comment`, `name` or nothing. */
  kind: string;
}

/** Past this size colours are not worth the wait. */
const MAX_CHARS = 200_000;

export function plain(source: string): Piece[][] {
  return source.replace(/\n$/, '').split('\n').map((text) => [{ text, kind: '' }]);
}

export async function highlighted(source: string, language: Language): Promise<Piece[][]> {
  if (source.length > MAX_CHARS) return plain(source);
  const { language: known } = await grammar(language);
  const text = source.replace(/\n$/, '');
  const lines: Piece[][] = [[]];
  highlightCode(
    text,
    known.parser.parse(text),
    classes,
    (piece, kind) => void lines.at(-1)!.push({ text: piece, kind }),
    () => void lines.push([]),
  );
  return lines;
}
