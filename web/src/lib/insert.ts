// Words put into a text where the caret is.

export interface Placed {
  text: string;
  /** Where the caret is afterwards: behind the words. */
  caret: number;
}

/** Puts `words` into `text` at `at`, with a blank on each side where one is missing. */
export function placed(text: string, at: number, words: string): Placed {
  const before = text.slice(0, at);
  const after = text.slice(at);
  const left = before === '' || /\s$/u.test(before) ? '' : ' ';
  const right = after === '' || /^[\s.,;:!?]/u.test(after) ? '' : ' ';
  const put = `${before}${left}${words}`;
  return { text: `${put}${right}${after}`, caret: put.length };
}
