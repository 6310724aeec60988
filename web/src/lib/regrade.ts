// What a person says of a criterion, from the fields of the form to the wire.
import type { NewOverride, Status } from './api/types';

/** Longest reason, as the server has it. */
export const MAX_REASON = 500;

/** What a person can say of a fact, best first. */
export const RULINGS = ['met', 'partial', 'mentioned', 'missed', 'contradicted'] as const satisfies readonly Status[];

/** What is missing before it can be sent. */
export interface Wrong {
  field: 'value' | 'reason';
  problem: string;
}

/** `value` is a status for a fact, a percentage otherwise. */
export function newOverride(isFact: boolean, value: string, reason: string): NewOverride | Wrong {
  const words = reason.trim();
  const because: Wrong | null = words ? null : { field: 'reason', problem: 'Say why: the new value rests on your reason.' };
  if (isFact) {
    const status = RULINGS.find((ruling) => ruling === value);
    if (!status) return { field: 'value', problem: 'Choose what it should be.' };
    return because ?? { status, reason: words };
  }
  const digits = value.trim().replace(/\s*%$/, '');
  const share = Number(digits);
  if (!/^\d+$/.test(digits) || share > 100) return { field: 'value', problem: 'Give a whole number from 0 to 100.' };
  return because ?? { share, reason: words };
}
