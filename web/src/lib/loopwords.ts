// A loop in words of the page.
import type { LoopMoment, LoopScorecard, LoopStage } from './api/types';

type Recommendation = NonNullable<LoopScorecard['recommendation']>;

export const RECOMMENDATION: Record<Recommendation, string> = {
  strong_no: 'Strong no',
  no: 'No',
  yes: 'Yes',
  strong_yes: 'Strong yes',
};

export const RECOMMENDATION_TONE: Record<Recommendation, 'good' | 'bad'> = {
  strong_no: 'bad',
  no: 'bad',
  yes: 'good',
  strong_yes: 'good',
};

export const WITHIN: Record<NonNullable<LoopScorecard['within']>, string> = {
  lower: 'in the lower third of it',
  middle: 'in the middle of it',
  upper: 'in the upper third of it',
};

export const MISTAKE: Record<LoopMoment['mistake'], string> = {
  solution_before_requirements: 'Solution before requirements',
  black_box_database: 'Database as a black box',
  happy_path_only: 'Happy path only',
  over_engineering: 'Over-engineering',
  going_silent: 'Going silent',
};

export const STAGE_PHASE: Record<LoopStage['phase'], string> = {
  waiting: 'to come',
  running: 'under way',
  time_over: 'time is over',
  done: 'done',
  cut: 'not finished',
};

/** `1 h 05 min`, `45 min`. */
export function length(minutes: number): string {
  const [h, m] = [Math.floor(minutes / 60), minutes % 60];
  if (h === 0) return `${m} min`;
  return m === 0 ? `${h} h` : `${h} h ${String(m).padStart(2, '0')} min`;
}
