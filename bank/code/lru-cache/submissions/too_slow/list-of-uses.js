// Keeps the order of uses in an array: finding a key in it and taking it out of the middle is work for all of it.
export class LruCache {
  constructor(capacity) {
    this.capacity = capacity;
    this.entries = [];
  }

  put(nowMs, key, value, ttlMs) {
    this.entries = this.entries.filter((entry) => entry.end > nowMs && entry.key !== key);
    if (this.capacity === 0 || (ttlMs !== null && ttlMs <= 0)) return;
    if (this.entries.length === this.capacity) this.entries.shift();
    this.entries.push({ key, value, end: ttlMs === null ? Infinity : nowMs + ttlMs });
  }

  get(nowMs, key) {
    const at = this.entries.findIndex((entry) => entry.key === key && entry.end > nowMs);
    if (at < 0) return null;
    const [entry] = this.entries.splice(at, 1);
    this.entries.push(entry);
    return entry.value;
  }

  delete(nowMs, key) {
    const at = this.entries.findIndex((entry) => entry.key === key && entry.end > nowMs);
    if (at < 0) return false;
    this.entries.splice(at, 1);
    return true;
  }

  size(nowMs) {
    return this.entries.filter((entry) => entry.end > nowMs).length;
  }
}
