// The unsent text of an item: in this browser at once, on the server a moment later, and again until it is there.
import { api } from './api/client';
import { isMissing, randomKey, Refused } from './api/http';
import type { NewAttempt } from './api/types';
import { connection } from './connection.svelte';
import { local } from './storage';

const PREFIX = 'spar.draft.';
const PAUSE_MS = 600;
const RETRY_MS = 5_000;
/** The server takes at most a day. */
const ELAPSED_MAX_MS = 86_400_000;

interface Stored {
  text: string;
  elapsed_ms: number;
  at: string;
  /** True once the server has this very text. */
  synced: boolean;
  /** A submission that was sent and not yet acknowledged; repeated with the same key and body. */
  sent?: { key: string; body: NewAttempt };
}

export interface Unfinished {
  item: string;
  /** Which variant of it; 0 is the default. */
  variant: number;
  words: string;
  at: string;
}

/** Items with an unsent text in this browser, newest first. */
export function unfinished(): Unfinished[] {
  return local
    .keys(PREFIX)
    .map((key) => ({ name: key.slice(PREFIX.length).split('@'), stored: local.read<Stored>(key) }))
    .filter(({ stored }) => !!stored?.text?.trim())
    .map(({ name: [item = '', variant], stored }) => ({
      item,
      variant: Number(variant ?? 0),
      words: stored!.text,
      at: stored!.at,
    }))
    .sort((a, b) => (a.at < b.at ? 1 : -1));
}

/** Removes every unsent text from this browser. */
export function forgetDrafts(): void {
  for (const key of local.keys(PREFIX)) local.remove(key);
}

export class DraftText {
  text = $state('');
  elapsedMs = $state(0);
  saved = $state<'empty' | 'saving' | 'saved' | 'browser' | 'here' | 'nowhere'>('empty');
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pushing: Promise<void> = Promise.resolve();
  #sent: Stored['sent'];
  #closed = false;

  readonly #place: string;

  /** The server keeps one draft an item, that of the default; those of other variants stay in this browser. */
  constructor(
    readonly item: string,
    readonly variant = 0,
  ) {
    this.#place = PREFIX + item + (variant > 0 ? `@${variant}` : '');
    const stored = local.read<Stored>(this.#place);
    if (!stored) return;
    this.text = stored.text;
    this.elapsedMs = stored.elapsed_ms;
    this.#sent = stored.sent;
    this.saved = variant > 0 ? 'browser' : stored.synced ? 'saved' : 'here';
  }

  /** Brings browser and server together: unsaved words here win, otherwise the server's. */
  async open(): Promise<void> {
    if (this.variant > 0) return;
    if (this.saved === 'here') return this.#push();
    const before = this.text;
    try {
      const draft = await api.draft(this.item);
      if (this.text !== before || this.#closed) return;
      this.text = draft.text;
      // The clock runs on between two saves of the same text.
      this.elapsedMs = Math.max(draft.elapsed_ms ?? 0, draft.text === before ? this.elapsedMs : 0);
      this.saved = draft.text ? 'saved' : 'empty';
      this.#keep(true);
    } catch (error) {
      // Missing there but synced before: it was submitted or discarded from another window.
      if (isMissing(error) && this.saved === 'saved' && this.text === before) this.#forget();
    }
  }

  edit(text: string): void {
    this.text = text;
    const kept = this.#keep(false);
    if (this.variant > 0) {
      this.saved = kept ? (text ? 'browser' : 'empty') : 'nowhere';
      return;
    }
    this.saved = kept ? 'saving' : 'nowhere';
    this.#later(PAUSE_MS);
  }

  tick(elapsedMs: number): void {
    this.elapsedMs = elapsedMs;
    if (this.text) this.#keep(this.saved === 'saved');
  }

  /** Stops the timers; what is unsaved is sent once more. */
  close(): void {
    clearTimeout(this.#timer);
    if (!this.#closed && (this.saved === 'saving' || this.saved === 'here')) void this.#push();
    this.#closed = true;
  }

  /** The key and body for handing this text in; the same ones until it is acknowledged or changed. */
  submission(previous: string | null, elapsedMs: number | null): NonNullable<Stored['sent']> {
    const sent = this.#sent;
    const handed = sent?.body.submission;
    const same = handed?.type === 'text' && handed.text === this.text && (sent?.body.previous ?? null) === previous;
    if (sent && same) return sent;
    const body: NewAttempt = { item: this.item, submission: { type: 'text', text: this.text } };
    if (this.variant > 0) body.variant = this.variant;
    if (previous) body.previous = previous;
    if (elapsedMs !== null) body.elapsed_ms = Math.round(Math.min(elapsedMs, ELAPSED_MAX_MS));
    this.#sent = { key: randomKey(), body };
    this.#keep(this.saved === 'saved');
    return this.#sent;
  }

  /** After the attempt is acknowledged: the draft is gone here and there. */
  async submitted(): Promise<void> {
    this.#closed = true;
    this.#forget();
    await this.#pushing;
    if (this.variant > 0) return;
    await api.deleteDraft(this.item).catch(() => undefined);
  }

  #forget(): void {
    clearTimeout(this.#timer);
    this.text = '';
    this.elapsedMs = 0;
    this.saved = 'empty';
    this.#sent = undefined;
    local.remove(this.#place);
  }

  #keep(synced: boolean): boolean {
    const stored: Stored = { text: this.text, elapsed_ms: this.elapsedMs, at: new Date().toISOString(), synced };
    return local.write(this.#place, this.#sent ? { ...stored, sent: this.#sent } : stored);
  }

  #later(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#push(), ms);
  }

  #push(): Promise<void> {
    clearTimeout(this.#timer);
    this.#pushing = this.#pushing.then(() => this.#send());
    return this.#pushing;
  }

  async #send(): Promise<void> {
    const { text } = this;
    const kept = this.saved !== 'nowhere';
    try {
      if (text) await api.saveDraft(this.item, text, Math.round(Math.min(this.elapsedMs, ELAPSED_MAX_MS)));
      else await api.deleteDraft(this.item).catch((error) => (isMissing(error) ? undefined : Promise.reject(error)));
      if (this.#closed || this.text !== text) return;
      this.saved = text ? 'saved' : 'empty';
      if (text) this.#keep(true);
      else local.remove(this.#place);
    } catch (error) {
      if (this.#closed) return;
      this.saved = kept ? 'here' : 'nowhere';
      // A refusal of this text (too long, say) will not change by asking again.
      const { status } = error instanceof Refused ? error.problem : { status: 0 };
      if (status < 400 || status === 429 || status >= 500) this.#later(RETRY_MS);
    }
  }

  /** To be called when the server is back. */
  resume(): void {
    if (connection.down || this.#closed || this.variant > 0) return;
    if (this.saved === 'here' || this.saved === 'nowhere') void this.#push();
  }
}
