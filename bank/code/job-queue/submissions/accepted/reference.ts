// An append-only log of the calls that changed something, and two heaps: ready jobs by their place in line, and
// what will happen by itself (leases and pauses that end) by time. Methods are synchronous, so each call is one
// step of the event loop and needs no lock.
import fs from "node:fs";
import path from "node:path";

class Heap<T> {
  #items: T[] = [];
  #before: (a: T, b: T) => boolean;

  constructor(before: (a: T, b: T) => boolean) {
    this.#before = before;
  }

  peek(): T | undefined {
    return this.#items[0];
  }

  push(item: T): void {
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

  pop(): T {
    const items = this.#items;
    const top = items[0];
    const last = items.pop() as T;
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

export interface Job {
  id: string;
  payload: string;
  attempt: number;
}

interface Entry extends Job {
  state: "ready" | "leased" | "paused" | "done" | "dead";
  /** When the lease or the pause ends. */
  due: number;
  place: number;
}

type Op = "enqueue" | "claim" | "ack" | "fail" | "extend";
type Answer = boolean | Job | null;

export class JobQueue {
  #visibility: number;
  #maxAttempts: number;
  #retry: number;
  #byId = new Map<string, Entry>();
  #line: Entry[] = [];
  #ready = new Heap<number>((a, b) => a < b);
  #timers = new Heap<{ due: number; job: Entry }>((a, b) => a.due < b.due);
  #log: number;

  constructor(dataFolder: string, visibilityMs: number, maxAttempts: number, retryMs: number) {
    this.#visibility = visibilityMs;
    this.#maxAttempts = maxAttempts;
    this.#retry = retryMs;
    const file = path.join(dataFolder, "calls.log");
    this.#replay(file);
    this.#log = fs.openSync(file, "a");
  }

  enqueue(nowMs: number, id: string, payload: string): boolean {
    return this.#do("enqueue", nowMs, id, payload) as boolean;
  }

  claim(nowMs: number): Job | null {
    return this.#do("claim", nowMs) as Job | null;
  }

  ack(nowMs: number, id: string, attempt: number): boolean {
    return this.#do("ack", nowMs, id, attempt) as boolean;
  }

  fail(nowMs: number, id: string, attempt: number): boolean {
    return this.#do("fail", nowMs, id, attempt) as boolean;
  }

  extend(nowMs: number, id: string, attempt: number): boolean {
    return this.#do("extend", nowMs, id, attempt) as boolean;
  }

  dead(nowMs: number): string[] {
    this.#settle(nowMs);
    return this.#line.filter((job) => job.state === "dead").map((job) => job.id);
  }

  #do(op: Op, now: number, id = "", detail: string | number = 0): Answer {
    const [answer, changed] = this.#apply(op, now, id, detail);
    if (changed) {
      const record = Buffer.from(JSON.stringify([op, now, id, detail]) + "\n");
      for (let at = 0; at < record.length; ) at += fs.writeSync(this.#log, record, at);
    }
    return answer;
  }

  /** The answer, and whether anything changed that must outlive the process. */
  #apply(op: Op, now: number, id: string, detail: string | number): [Answer, boolean] {
    this.#settle(now);
    if (op === "enqueue") {
      if (this.#byId.has(id)) return [false, false];
      const place = this.#line.length;
      const job: Entry = { id, payload: String(detail), attempt: 0, state: "ready", due: 0, place };
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

  #settle(now: number): void {
    for (let next = this.#timers.peek(); next !== undefined && next.due <= now; next = this.#timers.peek()) {
      const { due, job } = this.#timers.pop();
      if (job.due !== due) continue; // extended or given out again since
      if (job.state === "leased") {
        this.#endAttempt(job, due);
      } else if (job.state === "paused") {
        job.state = "ready";
        this.#ready.push(job.place);
      }
    }
  }

  #endAttempt(job: Entry, at: number): void {
    if (job.attempt >= this.#maxAttempts) job.state = "dead";
    else this.#wait(job, "paused", at + this.#retry * 2 ** (job.attempt - 1));
  }

  #wait(job: Entry, state: Entry["state"], due: number): void {
    job.state = state;
    job.due = due;
    this.#timers.push({ due, job });
  }

  #replay(file: string): void {
    if (!fs.existsSync(file)) return;
    const bytes = fs.readFileSync(file);
    const whole = bytes.lastIndexOf(10) + 1;
    fs.truncateSync(file, whole); // a torn line was never answered
    for (const line of bytes.subarray(0, whole).toString().split("\n")) {
      if (line !== "") this.#apply(...(JSON.parse(line) as [Op, number, string, string | number]));
    }
  }
}
