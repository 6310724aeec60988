// Handing an answer in: waits when the machine is busy or gone, and never sends one answer as two attempts.
import { api } from './api/client';
import { reason, Refused, Unreachable } from './api/http';
import type { Attempt, NewAttempt } from './api/types';

/** How often a busy server is asked again before the person is. */
const PATIENCE = 5;

/** What can be handed in: an answer or a program. */
export interface Handed {
  readonly text: string;
  submission(previous: string | null, elapsedMs: number | null): { key: string; body: NewAttempt };
  submitted(): Promise<void>;
}

export class Submitting {
  state = $state<'idle' | 'grading' | 'busy' | 'offline'>('idle');
  /** What went wrong, as a sentence; empty when nothing did. */
  problem = $state('');
  /** True when `problem` is about the text itself. */
  aboutText = $state(false);

  /** `what` is handed in, as in “your answer”. */
  constructor(private readonly what: 'answer' | 'program' = 'answer') {}

  async send(draft: Handed, previous: string | null, elapsedMs: number | null): Promise<Attempt | null> {
    if (this.state === 'grading' || this.state === 'busy') return null;
    this.problem = '';
    if (!draft.text.trim()) return this.#fail(`The ${this.what} is empty: write something first.`, true);
    const { key, body } = draft.submission(previous, elapsedMs);
    for (let round = 0; ; round++) {
      this.state = 'grading';
      try {
        const attempt = await api.submit(body, key);
        await draft.submitted();
        this.state = 'idle';
        return attempt;
      } catch (error) {
        const wait = error instanceof Refused ? error.retryAfter : null;
        if (wait === null || round >= PATIENCE) return this.#refused(error);
        this.state = 'busy';
        await new Promise((resolve) => setTimeout(resolve, Math.max(1, wait) * 1000));
      }
    }
  }

  #refused(error: unknown): null {
    if (error instanceof Unreachable) {
      this.state = 'offline';
      this.problem = `Spar is not answering. Your ${this.what} is kept here and handed in when Spar is back.`;
      return null;
    }
    const field = error instanceof Refused ? error.problem.field : null;
    return this.#fail(reason(error), field === null || field === undefined || field.includes('text'));
  }

  #fail(problem: string, aboutText: boolean): null {
    this.state = 'idle';
    this.problem = problem;
    this.aboutText = aboutText;
    return null;
  }
}
