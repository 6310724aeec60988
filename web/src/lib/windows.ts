// Cuts what the microphone gives into windows to be written down: at pauses, so that no word is cut in two.

/** A pause this long ends a window that has words in it. */
const PAUSE_S = 0.7;
/** Shorter windows wait for more words: each costs the same to write down. */
const LEAST_S = 2.5;
/** The model hears 30 s at once; a window is cut before, where it is quietest. */
const MOST_S = 28;
/** Where the quietest place is looked for. */
const LAST_S = 4;
/** Kept of a silence, so that the first sound after it is whole. */
const KEPT_S = 0.4;
/** Quiet until now: below this no microphone hears a voice. */
const QUIETEST = 0.002;
/** How far a voice stands above the quiet of the room. */
const ABOVE = 3;
/** The quiet is learnt again when the room gets louder: so slowly that a long sentence does not become it. */
const RISE = 1.001;

interface Part {
  samples: Float32Array;
  level: number;
  voice: boolean;
}

export class Windows {
  #parts: Part[] = [];
  #quiet = Infinity;
  /** The level of the last part, 0 to 1, for a meter. */
  level = 0;

  constructor(readonly rate: number) {}

  /** Takes a part in; gives a window when one is complete. */
  push(samples: Float32Array): Float32Array | null {
    const level = Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / (samples.length || 1));
    this.level = level;
    this.#quiet = Math.max(Math.min(this.#quiet * RISE, level), QUIETEST / ABOVE);
    this.#parts.push({ samples, level, voice: level > Math.max(QUIETEST, this.#quiet * ABOVE) });
    const lastVoice = this.#parts.findLastIndex(({ voice }) => voice);
    if (lastVoice < 0) {
      // Silence before the first word is not kept.
      while (this.#seconds(1) > KEPT_S) this.#parts.shift();
      return null;
    }
    const seconds = this.#seconds();
    if (seconds >= LEAST_S && this.#seconds(lastVoice + 1) >= PAUSE_S) return this.#cut(this.#parts.length);
    return seconds >= MOST_S ? this.#cut(this.#quietest()) : null;
  }

  /** What is left, when somebody spoke in it. */
  rest(): Float32Array | null {
    const voice = this.#parts.some(({ voice }) => voice);
    const rest = this.#cut(this.#parts.length);
    return voice ? rest : null;
  }

  #seconds(from = 0): number {
    return this.#parts.slice(from).reduce((sum, { samples }) => sum + samples.length, 0) / this.rate;
  }

  #quietest(): number {
    let best = this.#parts.length;
    let least = Infinity;
    for (let i = this.#parts.length - 1; i > 0 && this.#seconds(i) < LAST_S; i -= 1) {
      const { level } = this.#parts[i]!;
      if (level < least) [best, least] = [i, level];
    }
    return best;
  }

  #cut(at: number): Float32Array {
    return joined(this.#parts.splice(0, at).map(({ samples }) => samples));
  }
}

export function joined(parts: Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
