// Programs in words of the page: verdicts, sizes, and the places that messages point at.
import type { Language, RunVerdict } from './api/types';

/** A verdict as a headline, and what it means. */
export const VERDICT: Record<RunVerdict, { word: string; means: string }> = {
  accepted: { word: 'Accepted', means: 'Every case came back right, within the limits.' },
  wrong_answer: { word: 'Wrong answer', means: 'It ran to its end, and an answer is wrong.' },
  protocol_error: { word: 'No answer to read', means: 'What came back could not be read as an answer.' },
  crashes: { word: 'It crashed', means: 'It ended by itself before it had answered.' },
  too_slow: { word: 'Too slow', means: 'It needed more CPU time than allowed, or its time grows too fast.' },
  idle: { word: 'It stood still', means: 'It neither answered nor computed: it waited.' },
  too_much_memory: { word: 'Too much memory', means: 'It needed more memory than allowed.' },
  too_much_output: { word: 'Too much output', means: 'It wrote more than allowed.' },
  compile_error: { word: 'It did not compile', means: 'Nothing could be run.' },
};

/** How a verdict is coloured; the word beside it says the same. */
export function tone(verdict: RunVerdict): 'good' | 'bad' {
  return verdict === 'accepted' ? 'good' : 'bad';
}

/** A name for a language, also where the server is not asked. */
export const LANGUAGE: Record<Language, { title: string; file: string }> = {
  python: { title: 'Python', file: 'main.py' },
  javascript: { title: 'JavaScript', file: 'main.js' },
  typescript: { title: 'TypeScript', file: 'main.ts' },
  go: { title: 'Go', file: 'main.go' },
  rust: { title: 'Rust', file: 'main.rs' },
};

/** Where the candidate's own tests lie in a submission. */
export const TESTS_FILE = 'tests.txt';

/** A piece of a message; `line` where it points into the program. */
export interface Said {
  text: string;
  line?: number;
  column?: number;
}

/** Cuts a compiler's or a program's words at the places of `file` that they name. */
export function places(message: string, file: string): Said[] {
  const name = file.replaceAll('.', '\\.');
  // `main.py:3:5`, `main.rs:3`, `File "main.py", line 3`, with or without folders before the name.
  const place = new RegExp(`(?:[\\w./-]*/)?${name}(?::(\\d+)(?::(\\d+))?|", line (\\d+))`, 'g');
  const said: Said[] = [];
  let end = 0;
  for (const match of message.matchAll(place)) {
    if (match.index > end) said.push({ text: message.slice(end, match.index) });
    const piece: Said = { text: match[0], line: Number(match[1] ?? match[3]) };
    if (match[2]) piece.column = Number(match[2]);
    said.push(piece);
    end = match.index + match[0].length;
  }
  if (end < message.length) said.push({ text: message.slice(end) });
  return said;
}

/** `2 s`, `0.5 s`, `120 ms`. */
export function duration(ms: number): string {
  return ms >= 500 && ms % 100 === 0 ? `${ms / 1000} s` : `${ms} ms`;
}
