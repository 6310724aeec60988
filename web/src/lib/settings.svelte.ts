// What this browser remembers of the person: two switches.
import { local } from './storage';

const KEY = 'spar.settings';

interface Stored {
  timer: boolean;
  singleKeys: boolean;
}

class Settings {
  #stored = $state<Stored>({ timer: false, singleKeys: true, ...local.read<Partial<Stored>>(KEY) });

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
}

export const settings = new Settings();
