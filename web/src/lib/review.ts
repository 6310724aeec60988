// A day of review in words.
import { plural } from './format';
import type { Rating } from './api/types';

export const RATINGS: { rating: Rating; word: string; means: string }[] = [
  { rating: 'again', word: 'Again', means: 'not known' },
  { rating: 'hard', word: 'Hard', means: 'with effort' },
  { rating: 'good', word: 'Good', means: 'known' },
  { rating: 'easy', word: 'Easy', means: 'at once' },
];

/** `today`, `1 day`, `6 weeks`: as exact as anybody needs. */
export function inDays(days: number): string {
  if (days === 0) return 'today';
  if (days < 14) return plural(days, 'day');
  if (days < 60) return plural(Math.round(days / 7), 'week');
  return plural(Math.round(days / 30.4), 'month');
}

/** `7 of 12, about 4 minutes left`. */
export function progress(graded: number, left: number, secondsEach: number): string {
  const minutes = Math.ceil((left * secondsEach) / 60);
  return `${graded + 1} of ${graded + left}, about ${plural(minutes, 'minute')} left`;
}

/** What does not fit today, said so that nobody is shocked; empty when all fits. */
export function waiting(due: number, minutes: number): string {
  if (due === 0) return '';
  const [verb, them] = due === 1 ? ['waits', 'it comes'] : ['wait', 'they come'];
  return `${plural(due, 'more card')} ${due === 1 ? 'is' : 'are'} due and ${verb}: ${plural(minutes, 'minute')} a day hold no more, and ${them} first on the next days.`;
}

/** What wanting to retain so much costs, against 90 %. Shares from the forgetting curve of FSRS 6 (decay 0.1542). */
export function tradeOff(retention: number): string {
  const span = (r: number): number => (r / 100) ** (-1 / 0.1542) - 1;
  const factor = span(retention) / span(90);
  if (retention === 90) return 'Nine of ten cards are still known when they come up.';
  const often = factor < 1 ? 1 / factor : factor;
  const rounded = often < 1.95 ? often.toFixed(1) : String(Math.round(often));
  return factor < 1
    ? `Cards come up about ${rounded} times as often as at 90 %.`
    : `Cards come up about ${rounded} times less often than at 90 %, and more of them are forgotten.`;
}
