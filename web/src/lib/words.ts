/** A calm speaking pace; interviews are spoken, so length is shown as time. */
const WORDS_PER_MINUTE = 150;

export function countWords(text: string): number {
  return text.match(/\S+/gu)?.length ?? 0;
}

/** "under ½ min", "1 min", "2½ min": about the time it takes to say so many words. */
export function spokenTime(words: number): string {
  const halves = Math.round((2 * words) / WORDS_PER_MINUTE);
  if (halves === 0) return 'under ½ min';
  const whole = Math.floor(halves / 2);
  return `${whole || ''}${halves % 2 === 1 ? '½' : ''} min`;
}
