// Keeps the order of uses in an array: finding a key in it and taking it out of the middle is work for all of it,
// and so is looking for what has expired.
export class LruCache {
  constructor(capacity) {
    this.capacity = capacity;
    this.entries = [];
  }

  put(nowMs, key, value, ttlMs) {
    this.delete(nowMs, key);
    if (this.capacity === 0 || (ttlMs !== null && ttlMs <= 0)) return;
    if (this.entries.length === this.capacity) this.entries.shift();
    this.entries.push({ key, value, end: ttlMs === null ? Infinity : nowMs + ttlMs });
  }

  get(nowMs, key) {
    const at = this.find(nowMs, key);
    if (at < 0) return null;
    const [entry] = this.entries.splice(at, 1);
    this.entries.push(entry);
    return entry.value;
  }

  delete(nowMs, key) {
    const at = this.find(nowMs, key);
    if (at < 0) return false;
    this.entries.splice(at, 1);
    return true;
  }

  size(nowMs) {
    this.dropExpired(nowMs);
    return this.entries.length;
  }

  find(nowMs, key) {
    this.dropExpired(nowMs);
    return this.entries.findIndex((entry) => entry.key === key);
  }

  dropExpired(nowMs) {
    for (let at = this.entries.length - 1; at >= 0; at--) {
      if (this.entries[at].end <= nowMs) this.entries.splice(at, 1);
    }
  }
}
