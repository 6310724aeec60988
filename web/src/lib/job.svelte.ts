// The job as a form: kept by the server a moment after each change, never over somebody else's words.
import { api } from './api/client';
import { reason, Refused } from './api/http';
import type { Job, JobFields } from './api/types';

const PAUSE_MS = 600;
const RETRY_MS = 5_000;

export const NO_JOB: JobFields = {
  title: '',
  role: 'backend',
  level: 'mid',
  company: '',
  company_notes: '',
  description: '',
  cv: '',
  interview_on: null,
  notes: '',
  done: [],
};

export class JobForm {
  id = $state<string | null>(null);
  fields = $state<JobFields>({ ...NO_JOB });
  saved = $state<'empty' | 'saving' | 'saved' | 'failed' | 'elsewhere'>('empty');
  /** What the server says against the fields, as a sentence. */
  problem = $state('');
  #version = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pushing: Promise<void> = Promise.resolve();
  #dirty = false;
  #closed = false;

  constructor(job: Job | null) {
    if (job) this.#take(job);
  }

  edit(change: Partial<JobFields>): void {
    this.fields = { ...this.fields, ...change };
    this.#dirty = true;
    if (this.saved === 'elsewhere') return;
    this.saved = 'saving';
    this.#later(PAUSE_MS);
  }

  /** Saves now and gives the id; null when that failed. */
  async settle(): Promise<string | null> {
    if (this.#dirty || !this.id) {
      this.#dirty = true;
      await this.#push();
    }
    return this.saved === 'saved' ? this.id : null;
  }

  /** Somebody else wrote it: their words replace these. */
  async takeTheirs(): Promise<void> {
    if (!this.id) return;
    this.#take(await api.job(this.id));
  }

  /** Somebody else wrote it: these words replace theirs. */
  async keepMine(): Promise<void> {
    if (!this.id) return;
    this.#version = (await api.job(this.id)).version;
    this.saved = 'saving';
    await this.#push();
  }

  /** Stops the timer; what is unsaved is sent once more. */
  close(): void {
    clearTimeout(this.#timer);
    if (this.#dirty && this.saved !== 'elsewhere') void this.#push();
    this.#closed = true;
  }

  #take(job: Job): void {
    this.id = job.id;
    this.fields = { ...NO_JOB, ...job.job };
    this.#version = job.version;
    this.#dirty = false;
    this.saved = 'saved';
    this.problem = '';
  }

  #later(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#push(), ms);
  }

  /** One write after the other: the second needs the version that the first one gets. */
  #push(): Promise<void> {
    clearTimeout(this.#timer);
    this.#pushing = this.#pushing.then(() => this.#send());
    return this.#pushing;
  }

  async #send(): Promise<void> {
    if (!this.#dirty) return;
    const sent = this.fields;
    try {
      const job = this.id ? await api.saveJob(this.id, sent, this.#version) : await api.createJob(sent);
      this.id = job.id;
      this.#version = job.version;
      this.problem = '';
      if (this.fields === sent) {
        this.#dirty = false;
        this.saved = 'saved';
      } else if (!this.#closed) this.#later(PAUSE_MS);
    } catch (error) {
      const { status, code } = error instanceof Refused ? error.problem : { status: 0, code: '' };
      this.saved = code === 'document_changed' ? 'elsewhere' : 'failed';
      this.problem = reason(error);
      // A refusal of these words (too long, say) will not change by asking again.
      const passing = status < 400 || status === 429 || status >= 500;
      if (passing && !this.#closed) this.#later(RETRY_MS);
    }
  }
}
