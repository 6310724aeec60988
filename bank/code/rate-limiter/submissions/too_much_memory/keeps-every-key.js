// Never forgets a key: whoever can invent keys can fill the memory.
/** Tokens in parts, windowMs of them a token: a millisecond refills exactly `limit` parts. */
class Bucket {
  constructor(limit, windowMs, now) {
    this.limit = limit;
    this.windowMs = windowMs;
    this.parts = limit * windowMs;
    this.at = now;
  }

  settle(now) {
    const span = Math.min(now - this.at, this.windowMs);
    this.parts = Math.min(this.parts + span * this.limit, this.limit * this.windowMs);
    this.at = now;
  }

  get free() {
    return Math.floor(this.parts / this.windowMs);
  }

  take(cost) {
    this.parts -= cost * this.windowMs;
  }

  wait(cost) {
    return Math.ceil((cost * this.windowMs - this.parts) / this.limit);
  }
}

/** A log of what was allowed, no longer than the limit. */
class Window {
  constructor(limit, windowMs, now) {
    this.limit = limit;
    this.windowMs = windowMs;
    this.log = [];
    this.first = 0; // what is before it has left the window
    this.used = 0;
    this.at = now;
  }

  settle(now) {
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

  get free() {
    return this.limit - this.used;
  }

  take(cost) {
    if (cost === 0) return;
    this.log.push({ at: this.at, cost });
    this.used += cost;
  }

  wait(cost) {
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
  #kind;
  #limit;
  #windowMs;
  #budgets = new Map(); // in the order of their last use: the first is idle for longest
  #latest = 0;

  constructor(algorithm, limit, windowMs) {
    this.#kind = algorithm === "sliding_window" ? Window : Bucket;
    this.#limit = limit;
    this.#windowMs = windowMs;
  }

  allow(nowMs, key, cost) {
    const now = Math.max(this.#latest, nowMs);
    this.#latest = now;
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
}
