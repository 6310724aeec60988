// A plain object as the map: names such as `__proto__` and `constructor` are in it before anything was put.
export class LruCache {
  constructor(capacity) {
    this.capacity = capacity;
    this.nodes = {};
    this.count = 0;
    this.ends = new Heap();
    this.ring = { before: null, after: null }; // after it the newest, before it the oldest
    this.ring.before = this.ring.after = this.ring;
  }

  put(nowMs, key, value, ttlMs) {
    this.expire(nowMs);
    if (this.nodes[key]) this.remove(this.nodes[key]);
    if (this.capacity === 0 || (ttlMs !== null && ttlMs <= 0)) return;
    if (this.count === this.capacity) this.remove(this.ring.before);
    const node = { key, value, end: ttlMs === null ? null : nowMs + ttlMs };
    this.nodes[key] = node;
    this.count += 1;
    this.link(node);
    if (node.end !== null) {
      this.ends.push(node);
      this.compact();
    }
  }

  get(nowMs, key) {
    this.expire(nowMs);
    const node = this.nodes[key];
    if (!node) return null;
    this.unlink(node);
    this.link(node);
    return node.value;
  }

  delete(nowMs, key) {
    this.expire(nowMs);
    const node = this.nodes[key];
    if (node) this.remove(node);
    return Boolean(node);
  }

  size(nowMs) {
    this.expire(nowMs);
    return this.count;
  }

  expire(nowMs) {
    while (this.ends.size > 0 && this.ends.first.end <= nowMs) {
      const node = this.ends.pop();
      if (this.nodes[node.key] === node) this.remove(node);
    }
  }

  compact() {
    if (this.ends.size <= 2 * this.count + 16) return;
    this.ends = new Heap();
    for (const node of Object.values(this.nodes)) if (node.end !== null) this.ends.push(node);
  }

  remove(node) {
    delete this.nodes[node.key];
    this.count -= 1;
    this.unlink(node);
  }

  link(node) {
    node.before = this.ring;
    node.after = this.ring.after;
    this.ring.after.before = node;
    this.ring.after = node;
  }

  unlink(node) {
    node.before.after = node.after;
    node.after.before = node.before;
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
