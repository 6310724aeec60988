// A mock loop under way: its clock, the words that are not said yet, and one event after the other.
import { api } from './api/client';
import { reason, Refused, Unreachable } from './api/http';
import type { Loop, LoopAct, LoopEvent, LoopStage } from './api/types';
import { local } from './storage';
import { countWords } from './words';

const PREFIX = 'spar.loop.';
const TICK_MS = 1_000;
/** A machine that slept did not think: longer steps of the clock are not counted. */
const LONGEST_TICK_MS = 30_000;
/** How often words that come are told; silence is told less often. */
const PULSE_MS = 10_000;
const QUIET_PULSE_MS = 30_000;

/** Lost by a crash otherwise: where the clock stood, and what stood in the box. */
interface Stored {
  stage: number;
  elapsed_ms: number;
  text: string;
}

/** An event without its time, which is taken when it is sent. */
type Untimed<E> = E extends unknown ? Omit<E, 'elapsed_ms'> : never;
export type Now = Untimed<LoopEvent>;

const TIMELESS = ['begin', 'resume', 'end'];

export class Running {
  loop = $state.raw<Loop>()!;
  elapsedMs = $state(0);
  text = $state('');
  /** What the person waits for; pulses pass unseen. */
  busy = $state(false);
  problem = $state('');
  #queue: Promise<unknown> = Promise.resolve();
  #last = performance.now();
  #pulsedMs = 0;
  #heard = 0;
  /** One at a time: a second pulse would follow a position that the first has moved. */
  #pulsing = false;
  /** Sent, and nobody knows whether it happened: the answer never came. */
  #unsure: { position: number; event: Now } | null = null;

  constructor(loop: Loop) {
    const stored = local.read<Stored>(PREFIX + loop.id);
    const same = stored && stored.stage === loop.stage;
    // Words that were heard before the page was lost are in the transcript.
    const heard = loop.stages[loop.stage ?? 0]?.lines.findLast((line) => line.who === 'candidate')?.text;
    this.text = stored && stored.text.trim() !== heard ? stored.text : '';
    this.elapsedMs = same ? stored.elapsed_ms : 0;
    this.#take(loop);
    this.#pulsedMs = this.elapsedMs;
    this.#heard = countWords(this.text);
  }

  get stage(): LoopStage | null {
    return this.loop.stage === null ? null : (this.loop.stages[this.loop.stage] ?? null);
  }

  get leftMs(): number {
    return Math.max(0, (this.stage?.limit_ms ?? 0) - this.elapsedMs);
  }

  may(act: LoopAct): boolean {
    return this.loop.may.includes(act);
  }

  /** Runs the clock while the page shows the loop. */
  start(): () => void {
    this.#last = performance.now();
    const timer = setInterval(() => this.#tick(), TICK_MS);
    return () => clearInterval(timer);
  }

  write(text: string): void {
    this.text = text;
    this.problem = '';
    this.#store();
  }

  /** Lets something happen; true when it did. */
  async act(event: Now): Promise<boolean> {
    this.busy = true;
    this.problem = '';
    try {
      await this.#send(event);
      return true;
    } catch (error) {
      await this.#failed(error);
      return false;
    } finally {
      this.busy = false;
    }
  }

  /** Says what stands in the box. */
  async say(to: 'question' | 'change'): Promise<void> {
    const text = this.text.trim();
    if (!text) {
      this.problem = 'Nothing is written yet.';
      return;
    }
    if (await this.act({ type: 'say', text, to })) this.#emptied(text);
  }

  async ask(): Promise<void> {
    const text = this.text.trim();
    if (!text) {
      this.problem = 'Write your question first.';
      return;
    }
    if (await this.act({ type: 'ask', text })) this.#emptied(text);
  }

  /** Hands in; words that were not said yet are said first. */
  async handIn(to: 'question' | 'change'): Promise<void> {
    if (this.text.trim()) {
      await this.say(to);
      if (this.problem) return;
    }
    await this.act({ type: 'hand_in' });
  }

  async reload(): Promise<void> {
    try {
      this.#take(await api.loop(this.loop.id));
    } catch (error) {
      this.problem = reason(error);
    }
  }

  #emptied(said: string): void {
    // Whoever went on typing meanwhile keeps what came after.
    const rest = this.text.trim() === said ? '' : this.text.trim().slice(said.length).trimStart();
    this.text = rest;
    this.#heard = countWords(rest);
    this.#store();
  }

  #tick(): void {
    const now = performance.now();
    const step = now - this.#last;
    this.#last = now;
    if (this.loop.phase !== 'running' || this.stage?.phase !== 'running') return;
    if (step < LONGEST_TICK_MS) this.elapsedMs += step;
    this.#store();
    if (this.busy || this.#pulsing) return;
    if (this.leftMs === 0) void this.#timeOver();
    else this.#pulse();
  }

  #pulse(): void {
    const words = Math.max(0, countWords(this.text) - this.#heard);
    const since = this.elapsedMs - this.#pulsedMs;
    if (since < (words > 0 ? PULSE_MS : QUIET_PULSE_MS)) return;
    this.#pulsedMs = this.elapsedMs;
    this.#heard = countWords(this.text);
    this.#pulsing = true;
    // Activity that is lost is no harm: the words themselves are said later.
    this.#send({ type: 'pulse', words: Math.min(words, 10_000) })
      .catch((error: unknown) => this.#behind(error))
      .finally(() => (this.#pulsing = false));
  }

  /** What stands in the box counts: an interviewer lets a sentence end. */
  async #timeOver(): Promise<void> {
    const to = this.may('say') ? 'question' : 'change';
    if (this.text.trim() && (this.may('say') || this.may('say_change'))) await this.say(to);
    await this.act({ type: 'pulse', words: 0 });
  }

  #send(event: Now): Promise<void> {
    const sent = this.#queue.then(async () => {
      const left = await this.#leftOf(event);
      if (!left) return;
      const timed = TIMELESS.includes(left.type) ? left : { ...left, elapsed_ms: Math.round(this.elapsedMs) };
      const { position } = this.loop;
      try {
        this.#take(await api.loopEvent(this.loop.id, { position, event: timed as LoopEvent }));
      } catch (error) {
        if (error instanceof Unreachable) this.#unsure = { position, event: left };
        throw error;
      }
    });
    this.#queue = sent.catch(() => undefined);
    return sent;
  }

  /** What of an event is still to happen, now that it can be known what came of the last one. */
  async #leftOf(event: Now): Promise<Now | null> {
    if (!this.#unsure) return event;
    const loop = await api.loop(this.loop.id);
    const was = this.#unsure;
    this.#unsure = null;
    this.#take(loop);
    if (loop.position === was.position) return event;
    const said = 'text' in was.event ? was.event.text : undefined;
    if (said !== undefined) this.#emptied(said);
    if (was.event.type !== event.type || event.type === 'pulse') return event;
    if (said === undefined || !('text' in event) || event.text === undefined || !event.text.startsWith(said)) return null;
    const text = event.text.slice(said.length).trimStart();
    return text ? { ...event, text } : null;
  }

  async #failed(error: unknown): Promise<void> {
    this.problem = reason(error);
    await this.#behind(error);
  }

  /** Another window went on: show where the loop stands now. */
  async #behind(error: unknown): Promise<void> {
    if (error instanceof Refused && error.problem.status === 409) await this.reload();
  }

  #take(loop: Loop): void {
    const moved = this.loop !== undefined && this.loop.stage !== loop.stage;
    this.loop = loop;
    if (moved) {
      this.elapsedMs = 0;
      this.#pulsedMs = 0;
      this.#heard = 0;
      this.text = '';
    }
    const stage = this.stage;
    if (stage && stage.elapsed_ms > this.elapsedMs) this.elapsedMs = stage.elapsed_ms;
    this.#last = performance.now();
    if (loop.phase === 'ended') local.remove(PREFIX + loop.id);
    else if (moved) this.#store();
  }

  #store(): void {
    if (this.loop.stage === null) return;
    const stored: Stored = { stage: this.loop.stage, elapsed_ms: Math.round(this.elapsedMs), text: this.text };
    local.write(PREFIX + this.loop.id, stored);
  }
}
