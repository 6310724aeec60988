// A page that is fetched when it is first shown; most also when the browser has nothing else to do.
import type { Component } from 'svelte';
import { connection } from './connection.svelte';

const IDLE_MS = 200;

class Later<P extends Record<string, any>> {
  #page = $state.raw<Component<P> | null>(null);
  #fetching = false;

  constructor(
    private readonly fetcher: () => Promise<{ default: Component<P> }>,
    early: boolean,
  ) {
    if (!early) return;
    const idle = globalThis.requestIdleCallback ?? ((run: () => void) => setTimeout(run, IDLE_MS));
    idle(() => this.#fetch());
  }

  get page(): Component<P> | null {
    // Read while rendering: ask again whenever the server has come back.
    void connection.epoch;
    if (!this.#page) queueMicrotask(() => this.#fetch());
    return this.#page;
  }

  #fetch(): void {
    if (this.#page || this.#fetching) return;
    this.#fetching = true;
    this.fetcher().then(
      (module) => {
        this.#page = module.default;
        this.#fetching = false;
      },
      () => {
        this.#fetching = false;
        connection.lost();
      },
    );
  }
}

export function later<P extends Record<string, any>>(fetcher: () => Promise<{ default: Component<P> }>): Later<P> {
  return new Later(fetcher, true);
}

/** As {@link later}, for what weighs much and many visits never see: fetched only when shown. */
export function whenShown<P extends Record<string, any>>(fetcher: () => Promise<{ default: Component<P> }>): Later<P> {
  return new Later(fetcher, false);
}
