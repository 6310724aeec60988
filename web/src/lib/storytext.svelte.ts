// A story while it is edited: kept on the server a moment after each change, in place of the version that was read.
import { api } from './api/client';
import { reason, Refused } from './api/http';
import type { Story, StoryFields } from './api/types';

const PAUSE_MS = 700;
const RETRY_MS = 5_000;

export class StoryText {
  fields = $state() as StoryFields;
  /** `elsewhere`: another window wrote it, and which text stands is for the candidate to say. */
  saved = $state<'saved' | 'saving' | 'not' | 'elsewhere'>('saved');
  problem = $state('');
  #version: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pushing: Promise<void> = Promise.resolve();
  #kept: string;
  #closed = false;

  constructor(readonly kept: Story) {
    this.fields = structuredClone(kept.story);
    this.#version = kept.version;
    this.#kept = JSON.stringify(kept.story);
  }

  edit(change: Partial<StoryFields>): void {
    this.fields = { ...this.fields, ...change };
    if (this.saved === 'elsewhere') return;
    this.saved = 'saving';
    this.#later(PAUSE_MS);
  }

  /** Sends what is unsaved and stops, unless the story is about to be deleted. */
  close(send = true): void {
    clearTimeout(this.#timer);
    if (!this.#closed && send && (this.saved === 'saving' || this.saved === 'not')) void this.#push();
    this.#closed = true;
  }

  /** Sends what is unsaved at once; an error when it is not kept. */
  async keep(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.saved !== 'saved') await this.#push();
    if (this.saved !== 'saved') throw new Error('the story is not kept yet');
  }

  #later(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#push(), ms);
  }

  /** One write after the other: each needs the version of the one before. */
  #push(): Promise<void> {
    this.#pushing = this.#pushing.then(() => this.#send());
    return this.#pushing;
  }

  async #send(): Promise<void> {
    const fields = $state.snapshot(this.fields);
    const text = JSON.stringify(fields);
    if (text === this.#kept) {
      this.saved = 'saved';
      return;
    }
    try {
      this.#version = (await api.saveStory(this.kept.id, this.#version, fields)).version;
      this.#kept = text;
      this.problem = '';
      if (JSON.stringify(this.fields) === text) this.saved = 'saved';
    } catch (error) {
      const changed = error instanceof Refused && error.problem.code === 'document_changed';
      this.saved = changed ? 'elsewhere' : 'not';
      this.problem = changed ? 'Another window changed this story. Copy what you need, then load it again.' : `Not saved: ${reason(error)}`;
      const { status } = error instanceof Refused ? error.problem : { status: 0 };
      if (!changed && !this.#closed && (status < 400 || status === 429 || status >= 500)) this.#later(RETRY_MS);
    }
  }
}
