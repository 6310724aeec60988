// Data of a page: fetched when its inputs change, again when the server comes back, shown from memory meanwhile.
import { untrack } from 'svelte';
import { connection } from './connection.svelte';

const memory = new Map<string, unknown>();

/** Drops what is shown from memory until it is fetched again. */
export function forgetLoaded(): void {
  memory.clear();
}

export class Load<T> {
  value = $state.raw<T | null>(null);
  error = $state.raw<unknown>(null);
  #run = 0;

  constructor(
    private readonly fetcher: () => Promise<T>,
    private readonly key?: () => string,
  ) {}

  /** Fetches; a slower earlier fetch does not overwrite a later one. */
  reload(): void {
    const run = ++this.#run;
    const key = this.key?.();
    if (key !== undefined) this.value = (memory.get(key) as T | undefined) ?? null;
    this.fetcher().then(
      (value) => {
        if (key !== undefined) memory.set(key, value);
        if (run !== this.#run) return;
        this.value = value;
        this.error = null;
      },
      (error: unknown) => {
        if (run === this.#run) this.error = error;
      },
    );
  }

  set(value: T): void {
    this.#run += 1;
    this.value = value;
    this.error = null;
  }

  cancel(): void {
    this.#run += 1;
  }
}

/** To be called while a component is set up. `key` names the memory that bridges visits. */
export function load<T>(fetcher: () => Promise<T>, key?: () => string): Load<T> {
  const it = new Load(fetcher, key);
  $effect.pre(() => {
    it.reload();
    return () => it.cancel();
  });
  $effect(() => {
    if (connection.epoch > 0 && untrack(() => it.error)) it.reload();
  });
  return it;
}
