export interface Decision {
  allowed: boolean;
  remaining: number;
  retryAfterMs: number | null;
}

/** Tokens in parts, windowMs of them a token: a millisecond refills exactly `limit` parts. */
class Bucket {
  limit: number;
  windowMs: number;
  parts: number;
  at: number;

  constructor(limit: number, windowMs: number, now: number) {
    this.limit = limit;
    this.windowMs = windowMs;
    this.parts = limit * windowMs;
    this.at = now;
  }

  settle(now: number): void {
    const span = Math.min(now - this.at, this.windowMs);
    this.parts = Math.min(this.parts + span * this.limit, this.limit * this.windowMs);
    this.at = now;
  }

  get free(): number {
    return Math.floor(this.parts / this.windowMs);
  }

  take(cost: number): void {
    this.parts -= cost * this.windowMs;
  }

  wait(cost: number): number {
    return Math.ceil((cost * this.windowMs - this.parts) / this.limit);
  }
}

/** A log of what was allowed, no longer than the limit. */
class Window {
  limit: number;
  windowMs: number;
  log: { at: number; cost: number }[];
  first: number; // what is before it has left the window
  used: number;
  at: number;

  constructor(limit: number, windowMs: number, now: number) {
    this.limit = limit;
    this.windowMs = windowMs;
    this.log = [];
    this.first = 0;
    this.used = 0;
    this.at = now;
  }

  settle(now: number): void {
    this.at = now;
    while (this.first < this.log.length && this.log[this.first].at <= now - this.windowMs) {
      this.used -= this.log[this.first].cost;
      this.first += 1;
    }
    if (this.first > 32 && 2 * this.first > this.log.length) {
      this.log = this.log.slice(this.first);
      this.first = 0;
    }
  }

  get free(): number {
    return this.limit - this.used;
  }

  take(cost: number): void {
    if (cost === 0) return;
    this.log.push({ at: this.at, cost });
    this.used += cost;
  }

  wait(cost: number): number {
    let lacking = cost - this.free;
    let next = this.first;
    while (lacking > this.log[next].cost) {
      lacking -= this.log[next].cost;
      next += 1;
    }
    return this.log[next].at + this.windowMs - this.at;
  }
}

export class RateLimiter {
  #kind: typeof Bucket | typeof Window;
  #limit: number;
  #windowMs: number;
  #budgets = new Map<string, Bucket | Window>(); // in the order of their last use: the first is idle for longest
  #latest = 0;

  constructor(algorithm: string, limit: number, windowMs: number) {
    this.#kind = algorithm === "sliding_window" ? Window : Bucket;
    this.#limit = limit;
    this.#windowMs = windowMs;
  }

  allow(nowMs: number, key: string, cost: number): Decision {
    const now = Math.max(this.#latest, nowMs);
    this.#latest = now;
    this.#forgetIdle(now);
    const budget = this.#budgets.get(key) ?? new this.#kind(this.#limit, this.#windowMs, now);
    this.#budgets.delete(key);
    this.#budgets.set(key, budget);
    budget.settle(now);
    if (cost < 0 || cost > this.#limit) {
      return { allowed: false, remaining: budget.free, retryAfterMs: null };
    }
    if (cost > budget.free) {
      return { allowed: false, remaining: budget.free, retryAfterMs: budget.wait(cost) };
    }
    budget.take(cost);
    return { allowed: true, remaining: budget.free, retryAfterMs: 0 };
  }

  // After a window without a call every budget is whole again, as that of a new key.
  #forgetIdle(now: number): void {
    for (const [key, budget] of this.#budgets) {
      if (budget.at > now - this.#windowMs) break;
      this.#budgets.delete(key);
    }
  }
}
