// The bearer token that a server beyond loopback wants. Kept for this tab only.

const KEY = 'spar.token';

class Session {
  /** True while the page waits for the token. */
  locked = $state(false);
  /** True when the server refused the one given. */
  refused = $state(false);
  #waiting: (() => void)[] = [];

  get token(): string | null {
    return sessionStorage.getItem(KEY);
  }

  /** Resolves when a token was given after `tried` was refused. */
  ask(tried: string | null): Promise<void> {
    if (tried !== this.token) return Promise.resolve();
    this.refused = tried !== null;
    this.locked = true;
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  give(token: string): void {
    sessionStorage.setItem(KEY, token.trim());
    this.locked = false;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resume of waiting) resume();
  }
}

export const session = new Session();
