// Speaking instead of typing: listens, sends window after window to be written down, and hands the words on.
// The sound is dropped as soon as its words are here, unless the speaker asked to keep it.
import { api } from './api/client';
import { reason, Refused } from './api/http';
import { microphone, type Microphone } from './microphone';
import { toPcm, wav } from './wav';
import { joined, Windows } from './windows';

/** After this the microphone is closed, whatever happens: nobody means to speak for longer. */
const MOST_MS = 10 * 60_000;
/** How long to wait when the server is busy and does not say. */
const BUSY_MS = 3_000;
/** The most that is sent at once, in seconds: windows that wait are joined. */
const SENT_S = 60;

export type Doing = 'off' | 'asking' | 'listening' | 'finishing';

export class Dictation {
  doing = $state<Doing>('off');
  /** What went wrong, with the cure, as a sentence. */
  problem = $state('');
  /** 0 to 1. */
  level = $state(0);
  elapsedMs = $state(0);
  /** Words written down since the start. */
  words = $state(0);
  /** Whether a window is being written down. */
  writing = $state(false);
  /** Windows whose words have not come because something went wrong. */
  waiting = $state(0);
  keep = $state(false);
  kept = $state(false);

  #microphone: Microphone | undefined;
  #windows = new Windows(16_000);
  #queue: Float32Array[] = [];
  #rate = 16_000;
  #recording: Int16Array[] = [];
  #run = 0;

  constructor(private readonly onwords: (words: string) => void) {}

  async start(): Promise<void> {
    if (this.doing !== 'off') return;
    const run = ++this.#run;
    this.problem = '';
    this.doing = 'asking';
    this.elapsedMs = 0;
    this.words = 0;
    try {
      const opened = await microphone((samples) => this.#hear(samples), () => void this.#lost());
      if (run !== this.#run) return void opened.close();
      this.#microphone = opened;
    } catch (error) {
      if (run !== this.#run) return;
      this.doing = 'off';
      this.problem = reason(error);
      return;
    }
    if (this.#rate !== this.#microphone.rate) this.forget();
    this.#rate = this.#microphone.rate;
    this.#windows = new Windows(this.#rate);
    this.doing = 'listening';
  }

  /** Closes the microphone; what was said is still written down. */
  async stop(): Promise<void> {
    if (this.doing === 'asking') {
      this.#run += 1;
      this.doing = 'off';
    }
    if (this.doing !== 'listening') return;
    this.doing = 'finishing';
    this.level = 0;
    await this.#microphone?.close();
    this.#microphone = undefined;
    const rest = this.#windows.rest();
    if (rest) this.#queue.push(rest);
    await this.#send();
  }

  /** Sends again what could not be written down. */
  again(): void {
    this.problem = '';
    void this.#send();
  }

  /** Leaves: the microphone is closed and all sound is dropped. */
  close(): void {
    this.#run += 1;
    this.doing = 'off';
    void this.#microphone?.close();
    this.#microphone = undefined;
    this.#queue = [];
    this.#recording = [];
  }

  /** The recording as a file, when it was kept. */
  file(): Blob {
    return wav(this.#recording, this.#rate);
  }

  forget(): void {
    this.#recording = [];
    this.kept = false;
  }

  #hear(samples: Float32Array): void {
    if (this.doing !== 'listening') return;
    this.elapsedMs += (samples.length / this.#rate) * 1000;
    if (this.keep) {
      this.#recording.push(toPcm(samples));
      this.kept = true;
    }
    const window = this.#windows.push(samples);
    // As loudness is heard: 40 decibels from left to right.
    this.level = Math.max(0, Math.min(1, 1 + Math.log10(Math.max(this.#windows.level, 1e-4) * 3) / 2));
    if (window) {
      this.#queue.push(window);
      void this.#send();
    }
    if (this.elapsedMs >= MOST_MS) {
      this.problem = 'The microphone was closed after ten minutes.';
      void this.stop();
    }
  }

  async #lost(): Promise<void> {
    this.problem = 'The microphone was taken away. What you said until then is written down.';
    await this.stop();
  }

  async #send(): Promise<void> {
    if (this.writing) return;
    this.writing = true;
    const run = this.#run;
    while (this.#queue.length > 0 && run === this.#run) {
      const windows = this.#upTo(SENT_S * this.#rate);
      try {
        const { text, words } = await api.transcribe(wav([toPcm(joined(windows))], this.#rate));
        if (run !== this.#run) break;
        this.words += words;
        if (text) this.onwords(text);
      } catch (error) {
        if (run !== this.#run) break;
        this.#queue.unshift(...windows);
        if (error instanceof Refused && (error.problem.status === 503 || error.problem.status === 429)) {
          await new Promise((resolve) => setTimeout(resolve, error.retryAfter ? error.retryAfter * 1000 : BUSY_MS));
          continue;
        }
        this.problem = `Not written down: ${reason(error)}`;
        break;
      }
    }
    this.writing = false;
    this.waiting = this.#queue.length;
    if (this.doing === 'finishing') this.doing = 'off';
  }

  /** Takes windows off the queue, as many as go together. */
  #upTo(samples: number): Float32Array[] {
    let length = 0;
    const count = this.#queue.findIndex((window, i) => (length += window.length) > samples && i > 0);
    return this.#queue.splice(0, count < 0 ? this.#queue.length : count);
  }
}
