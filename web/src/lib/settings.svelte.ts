// What this browser remembers of the person: a few switches.
import { local } from './storage';

const KEY = 'spar.settings';

interface Stored {
  timer: boolean;
  singleKeys: boolean;
  /** The coach listens while an answer is written. */
  coach: boolean;
  /** It also shows pace and fillers. */
  pace: boolean;
}

class Settings {
  #stored = $state<Stored>({ timer: false, singleKeys: true, coach: false, pace: true, ...local.read<Partial<Stored>>(KEY) });

  get timer(): boolean {
    return this.#stored.timer;
  }
  set timer(on: boolean) {
    this.#stored.timer = on;
    local.write(KEY, this.#stored);
  }

  get singleKeys(): boolean {
    return this.#stored.singleKeys;
  }
  set singleKeys(on: boolean) {
    this.#stored.singleKeys = on;
    local.write(KEY, this.#stored);
  }

  get coach(): boolean {
    return this.#stored.coach;
  }
  set coach(on: boolean) {
    this.#stored.coach = on;
    local.write(KEY, this.#stored);
  }

  get pace(): boolean {
    return this.#stored.pace;
  }
  set pace(on: boolean) {
    this.#stored.pace = on;
    local.write(KEY, this.#stored);
  }
}

export const settings = new Settings();
