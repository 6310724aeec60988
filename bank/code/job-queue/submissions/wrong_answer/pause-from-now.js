// The pause after a lease that ran out is counted from the call that notices, not from the deadline.
import fs from "node:fs";
import path from "node:path";

class Heap {
  #items = [];
  #before;

  constructor(before) {
    this.#before = before;
  }

  peek() {
    return this.#items[0];
  }

  push(item) {
    const items = this.#items;
    let i = items.push(item) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!this.#before(item, items[parent])) break;
      items[i] = items[parent];
      i = parent;
    }
    items[i] = item;
  }

  pop() {
    const items = this.#items;
    const top = items[0];
    const last = items.pop();
    if (items.length === 0) return top;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && this.#before(items[child + 1], items[child])) child += 1;
      if (!this.#before(items[child], last)) break;
      items[i] = items[child];
      i = child;
    }
    items[i] = last;
    return top;
  }
}

export class JobQueue {
  #visibility;
  #maxAttempts;
  #retry;
  #byId = new Map();
  #line = [];
  #ready = new Heap((a, b) => a < b);
  #timers = new Heap((a, b) => a.due < b.due);
  #log;

  constructor(dataFolder, visibilityMs, maxAttempts, retryMs) {
    this.#visibility = visibilityMs;
    this.#maxAttempts = maxAttempts;
    this.#retry = retryMs;
    const file = path.join(dataFolder, "calls.log");
    this.#replay(file);
    this.#log = fs.openSync(file, "a");
  }

  enqueue(nowMs, id, payload) {
    return this.#do("enqueue", nowMs, id, payload);
  }

  claim(nowMs) {
    return this.#do("claim", nowMs);
  }

  ack(nowMs, id, attempt) {
    return this.#do("ack", nowMs, id, attempt);
  }

  fail(nowMs, id, attempt) {
    return this.#do("fail", nowMs, id, attempt);
  }

  extend(nowMs, id, attempt) {
    return this.#do("extend", nowMs, id, attempt);
  }

  dead(nowMs) {
    this.#settle(nowMs);
    return this.#line.filter((job) => job.state === "dead").map((job) => job.id);
  }

  #do(op, now, ...args) {
    const [answer, changed] = this.#apply(op, now, ...args);
    if (changed) {
      const record = Buffer.from(JSON.stringify([op, now, ...args]) + "\n");
      for (let at = 0; at < record.length; ) at += fs.writeSync(this.#log, record, at);
    }
    return answer;
  }

  /** The answer, and whether anything changed that must outlive the process. */
  #apply(op, now, id, detail) {
    this.#settle(now);
    if (op === "enqueue") {
      if (this.#byId.has(id)) return [false, false];
      const job = { id, payload: detail, attempt: 0, state: "ready", due: 0, place: this.#line.length };
      this.#byId.set(id, job);
      this.#line.push(job);
      this.#ready.push(job.place);
      return [true, true];
    }
    if (op === "claim") {
      if (this.#ready.peek() === undefined) return [null, false];
      const job = this.#line[this.#ready.pop()];
      job.attempt += 1;
      this.#wait(job, "leased", now + this.#visibility);
      return [{ id: job.id, payload: job.payload, attempt: job.attempt }, true];
    }
    const job = this.#byId.get(id);
    if (job === undefined || job.attempt !== detail) return [false, false];
    if (op === "ack" && job.state === "done") return [true, false];
    if (job.state !== "leased") return [false, false];
    if (op === "ack") job.state = "done";
    else if (op === "fail") this.#endAttempt(job, now);
    else this.#wait(job, "leased", now + this.#visibility);
    return [true, true];
  }

  #settle(now) {
    while (this.#timers.peek() !== undefined && this.#timers.peek().due <= now) {
      const { due, job } = this.#timers.pop();
      if (job.due !== due) continue; // extended or given out again since
      if (job.state === "leased") {
        this.#endAttempt(job, now);
      } else if (job.state === "paused") {
        job.state = "ready";
        this.#ready.push(job.place);
      }
    }
  }

  #endAttempt(job, at) {
    if (job.attempt >= this.#maxAttempts) job.state = "dead";
    else this.#wait(job, "paused", at + this.#retry * 2 ** (job.attempt - 1));
  }

  #wait(job, state, due) {
    job.state = state;
    job.due = due;
    this.#timers.push({ due, job });
  }

  #replay(file) {
    if (!fs.existsSync(file)) return;
    const bytes = fs.readFileSync(file);
    const whole = bytes.lastIndexOf(10) + 1;
    fs.truncateSync(file, whole); // a torn line was never answered
    for (const line of bytes.subarray(0, whole).toString().split("\n")) {
      if (line !== "") this.#apply(...JSON.parse(line));
    }
  }
}
