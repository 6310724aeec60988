// Right call by call, but `get` awaits between finding the entry and moving it: meanwhile another call evicts or
// deletes the entry, and the move brings it back.

export class LruCache {
  #capacity;
  #entries = new Map(); // key -> { value, end }; an end of null is never
  #ends = new Heap(); // { end, key } of entries with a lifetime; some are stale

  constructor(capacity) {
    this.#capacity = capacity;
  }

  put(nowMs, key, value, ttlMs) {
    this.#dropExpired(nowMs);
    this.#entries.delete(key);
    if (this.#capacity === 0 || (ttlMs !== null && ttlMs <= 0)) return;
    if (this.#entries.size === this.#capacity) {
      this.#entries.delete(this.#entries.keys().next().value);
    }
    const end = ttlMs === null ? null : nowMs + ttlMs;
    this.#entries.set(key, { value, end });
    if (end !== null) {
      this.#ends.push({ end, key });
      this.#compact();
    }
  }

  async get(nowMs, key) {
    this.#dropExpired(nowMs);
    const entry = this.#entries.get(key);
    if (entry === undefined) return null;
    await this.#countHit();
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  async #countHit() {
    this.hits = (this.hits ?? 0) + 1;
  }

  delete(nowMs, key) {
    this.#dropExpired(nowMs);
    return this.#entries.delete(key);
  }

  size(nowMs) {
    this.#dropExpired(nowMs);
    return this.#entries.size;
  }

  #dropExpired(nowMs) {
    while (this.#ends.size > 0 && this.#ends.first.end <= nowMs) {
      const { end, key } = this.#ends.pop();
      if (this.#entries.get(key)?.end === end) this.#entries.delete(key);
    }
  }

  // Rebuilt only when most of it is stale, so that a put pays for it a constant share.
  #compact() {
    if (this.#ends.size <= 2 * this.#entries.size + 16) return;
    this.#ends = new Heap();
    for (const [key, { end }] of this.#entries) {
      if (end !== null) this.#ends.push({ end, key });
    }
  }
}

/** A binary heap with the earliest end first. */
class Heap {
  #items = [];

  get size() {
    return this.#items.length;
  }

  get first() {
    return this.#items[0];
  }

  push(item) {
    const items = this.#items;
    let at = items.push(item) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (items[parent].end <= item.end) break;
      items[at] = items[parent];
      at = parent;
    }
    items[at] = item;
  }

  pop() {
    const items = this.#items;
    const first = items[0];
    const last = items.pop();
    if (items.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && items[child + 1].end < items[child].end) child += 1;
      if (last.end <= items[child].end) break;
      items[at] = items[child];
      at = child;
    }
    items[at] = last;
    return first;
  }
}
