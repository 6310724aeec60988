// Names that must not leave: the same rule as the server's, for what is printed here.

/** Whole words in any case of ASCII letters; the longer of two names that overlap goes whole. */
export function hide(text: string, names: readonly string[]): string {
  const wanted = names.map((name) => name.trim()).filter((name) => name !== '');
  if (wanted.length === 0) return text;
  const escaped = wanted.toSorted((a, b) => b.length - a.length).map((name) => name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return text.replaceAll(new RegExp(`(?<![\\p{L}\\p{N}])(?:${escaped.join('|')})(?![\\p{L}\\p{N}])`, 'giu'), '[name]');
}
