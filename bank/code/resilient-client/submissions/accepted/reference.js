// Three parts: requests under way by id, the breaker with its probe, and kept answers in the order they came.
const RETRY_COST = 10;

function action(kind, attempt = 0, atMs = 0, body = null) {
  return { kind, attempt, atMs, body };
}

class Breaker {
  #tripAfter;
  #openMs;
  #failures = 0;
  #openedAt = null;
  #probe = null;

  constructor(tripAfter, openMs) {
    this.#tripAfter = tripAfter;
    this.#openMs = openMs;
  }

  get closed() {
    return this.#openedAt === null;
  }

  allows(now) {
    if (this.#openedAt === null) return true;
    const probed = this.#probe !== null && now < this.#probe.deadline;
    return now >= this.#openedAt + this.#openMs && !probed;
  }

  attemptMade(request, attempt, deadline) {
    if (!this.closed) this.#probe = { request, attempt, deadline };
  }

  told(now, request, attempt, alive) {
    if (!this.closed) {
      // What began before the breaker opened, or lost its place as the probe, does not count.
      if (this.#probe?.request !== request || this.#probe.attempt !== attempt) return;
      this.#probe = null;
      this.#openedAt = alive ? null : now;
      this.#failures = 0;
      return;
    }
    this.#failures = alive ? 0 : this.#failures + 1;
    if (this.#failures >= this.#tripAfter) {
      this.#openedAt = now;
      this.#probe = null;
    }
  }
}

export class ResilientClient {
  #policy;
  #requests = new Map();
  #breaker;
  #points;
  #kept = new Map(); // by key, oldest first

  constructor(policy) {
    this.#policy = policy;
    this.#breaker = new Breaker(policy.tripAfter, policy.openMs);
    this.#points = policy.budget;
  }

  start(nowMs, request, key) {
    this.#forgetOld(nowMs);
    if (this.#requests.has(request)) return action("ignored");
    return this.#attempt(nowMs, request, { key, attempt: 0, calling: false, until: nowMs });
  }

  outcome(nowMs, request, attempt, status, body, jitter) {
    this.#forgetOld(nowMs);
    const running = this.#requests.get(request);
    if (running === undefined || !running.calling || running.attempt !== attempt) return action("ignored");
    if (nowMs >= running.until || status === 429 || (status >= 500 && status <= 599)) {
      return this.#attemptFailed(nowMs, request, running, jitter);
    }
    this.#requests.delete(request);
    this.#breaker.told(nowMs, request, attempt, true);
    if (status < 200 || status > 299) return action("rejected", attempt, 0, body);
    this.#points = Math.min(this.#points + 1, this.#policy.budget);
    this.#kept.delete(running.key); // a Map keeps the place of a key that is set again
    this.#kept.set(running.key, { came: nowMs, body });
    return action("ok", attempt, 0, body);
  }

  tick(nowMs, request, jitter) {
    this.#forgetOld(nowMs);
    const running = this.#requests.get(request);
    if (running === undefined) return action("ignored");
    if (nowMs < running.until) return action("wait", running.attempt, running.until);
    if (running.calling) return this.#attemptFailed(nowMs, request, running, jitter);
    return this.#attempt(nowMs, request, running);
  }

  #attempt(now, name, request) {
    if (!this.#breaker.allows(now)) return this.#end(name, request);
    request.attempt += 1;
    request.calling = true;
    request.until = now + this.#policy.timeoutMs;
    this.#requests.set(name, request);
    this.#breaker.attemptMade(name, request.attempt, request.until);
    return action("call", request.attempt, request.until);
  }

  #attemptFailed(now, name, request, jitter) {
    const { maxAttempts, capMs, baseMs } = this.#policy;
    this.#breaker.told(now, name, request.attempt, false);
    if (request.attempt >= maxAttempts || !this.#breaker.closed || this.#points < RETRY_COST) {
      return this.#end(name, request);
    }
    this.#points -= RETRY_COST;
    const ceiling = Math.min(capMs, baseMs * 2 ** (request.attempt - 1));
    request.calling = false;
    request.until = now + Math.floor((ceiling * jitter) / 1000);
    return action("wait", request.attempt, request.until);
  }

  #end(name, request) {
    this.#requests.delete(name);
    const kept = this.#kept.get(request.key);
    return kept === undefined ? action("failed", request.attempt) : action("stale", request.attempt, 0, kept.body);
  }

  #forgetOld(now) {
    for (const [key, { came }] of this.#kept) {
      if (now - came <= this.#policy.staleMs) return;
      this.#kept.delete(key);
    }
  }
}
