// The coach listens: at the end of a sentence at once, else when the writer pauses; one request at a time.
import { api } from './api/client';
import { reason, Refused, Unreachable } from './api/http';
import type { Coaching, NewCoaching, Nudge } from './api/types';
import { countWords } from './words';

const PAUSE_MS = 700;
/** A little more than the pause from which the server has a word for it. */
const STILL_MS = 20_500;
/** The server takes 900; pace looks back a minute. */
const MAX_POINTS = 300;

/** Ends of sentences and lines, as many as there are. */
function ends(text: string): number {
  return text.match(/[.?!\n]/g)?.length ?? 0;
}

export class Coach {
  said = $state.raw<Coaching | null>(null);
  /** Why the coach says nothing; empty when it listens. */
  trouble = $state('');
  /** What came new with the last answer, to be read aloud. */
  news = $state('');
  spoken = false;
  #text = '';
  #ends = -1;
  #asking = false;
  #again = false;
  #stopped = false;
  #pause: ReturnType<typeof setTimeout> | undefined;
  #still: ReturnType<typeof setTimeout> | undefined;
  readonly #dismissed = new Set<string>();
  readonly #timeline: NonNullable<NewCoaching['timeline']> = [];
  readonly #began = performance.now();

  constructor(
    readonly item: string,
    readonly variant = 0,
  ) {}

  get nudges(): Nudge[] {
    return this.said?.nudges ?? [];
  }

  /** The text as it is now; to be called whenever it changes, and once at the start. */
  hear(text: string): void {
    this.#text = text;
    clearTimeout(this.#pause);
    clearTimeout(this.#still);
    const now = ends(text);
    if (now !== this.#ends) {
      this.#ends = now;
      void this.#ask();
    } else {
      this.#pause = setTimeout(() => void this.#ask(), PAUSE_MS);
    }
    if (text.trim()) this.#still = setTimeout(() => void this.#ask(), STILL_MS);
  }

  /** Takes a nudge away for good; what is next comes with the answer. */
  dismiss(id: string): void {
    this.#dismissed.add(id);
    this.said = this.said && this.#wanted(this.said);
    void this.#ask();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#pause);
    clearTimeout(this.#still);
  }

  async #ask(): Promise<void> {
    if (this.#stopped) return;
    if (this.#asking) {
      this.#again = true;
      return;
    }
    this.#asking = true;
    const text = this.#text;
    try {
      this.#take(await api.coach(this.item, this.#body(text)), text);
    } catch (error) {
      this.#failed(error);
    }
    this.#asking = false;
    if (this.#again) {
      this.#again = false;
      void this.#ask();
    }
  }

  #body(text: string): NewCoaching {
    const elapsed_ms = Math.round(performance.now() - this.#began);
    this.#timeline.push({ elapsed_ms, words: countWords(text) });
    if (this.#timeline.length > MAX_POINTS) this.#timeline.shift();
    return { variant: this.variant, text, spoken: this.spoken, timeline: [...this.#timeline], dismissed: [...this.#dismissed] };
  }

  /** An answer to words that are no longer there is dropped. */
  #take(coaching: Coaching, text: string): void {
    if (this.#stopped || !this.#text.startsWith(text.trimEnd())) return;
    const before = new Set(this.nudges.map((nudge) => nudge.id));
    this.trouble = '';
    this.said = this.#wanted(coaching);
    const news = this.nudges.filter((nudge) => !before.has(nudge.id));
    if (news.length > 0) this.news = news.map((nudge) => nudge.text).join(' ');
  }

  #wanted(coaching: Coaching): Coaching {
    const { delivery } = coaching;
    const dropped = delivery.nudge && this.#dismissed.has(delivery.nudge.id);
    return {
      ...coaching,
      nudges: coaching.nudges.filter((nudge) => !this.#dismissed.has(nudge.id)),
      delivery: dropped ? { ...delivery, nudge: null } : delivery,
    };
  }

  #failed(error: unknown): void {
    if (this.#stopped) return;
    const wait = error instanceof Refused ? error.retryAfter : null;
    if (wait !== null) {
      clearTimeout(this.#pause);
      this.#pause = setTimeout(() => void this.#ask(), Math.max(1, wait) * 1000);
      return;
    }
    this.said = null;
    this.trouble = error instanceof Unreachable ? 'Spar is not answering, so the coach hears nothing.' : reason(error);
  }
}
