// Trial runs of a program. Nothing of them is kept, here or on the server.
import { api } from './api/client';
import { reason, Refused, Unreachable } from './api/http';
import type { Language, ProgramFile, Ran, TrialOn } from './api/types';

/** How often a busy server is asked again before the person is. */
const PATIENCE = 5;

/** What a run was made on, in a word. */
export type On = 'examples' | 'tests' | 'input';

export class Trial {
  state = $state<'idle' | 'running' | 'busy'>('idle');
  on = $state<On>('examples');
  result = $state.raw<Ran | null>(null);
  /** The language that `result` is of. */
  language = $state<Language>('python');
  /** What went wrong, as a sentence; empty when nothing did. */
  problem = $state('');
  #run = 0;

  get busy(): boolean {
    return this.state !== 'idle';
  }

  async make(item: string, lang: Language, files: ProgramFile[], on: On, input: string): Promise<void> {
    if (this.busy) return;
    const run = ++this.#run;
    this.on = on;
    this.problem = '';
    const body: { lang: Language; files: ProgramFile[]; on: TrialOn } = { lang, files, on: on === 'input' ? { input } : on };
    for (let round = 0; run === this.#run; round++) {
      this.state = 'running';
      try {
        const result = await api.run(item, body);
        if (run !== this.#run) return;
        this.result = result;
        this.language = lang;
        break;
      } catch (error) {
        if (run !== this.#run) return;
        const wait = error instanceof Refused ? error.retryAfter : null;
        if (wait === null || round >= PATIENCE) {
          this.result = null;
          this.problem = error instanceof Unreachable ? 'Spar is not answering. Your program is kept here.' : reason(error);
          break;
        }
        this.state = 'busy';
        await new Promise((resolve) => setTimeout(resolve, Math.max(1, wait) * 1000));
      }
    }
    if (run === this.#run) this.state = 'idle';
  }

  /** Waits no longer; what the run gives is dropped. */
  leave(): void {
    this.#run += 1;
    this.state = 'idle';
  }
}
