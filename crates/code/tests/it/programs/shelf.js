export class Shelf {
  #values = new Map();

  constructor(capacity) {
    if (capacity < 1) throw new RangeError("capacity must be positive");
  }

  put(key, value) {
    this.#values.set(key, value);
  }

  get(key) {
    return this.#values.get(key) ?? null;
  }

  async add(key, by) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    this.#values.set(key, (this.#values.get(key) ?? 0) + by);
    return this.#values.get(key);
  }

  async waitFor(key) {
    while (!this.#values.has(key)) await new Promise((resolve) => setTimeout(resolve, 1));
    return this.#values.get(key);
  }

  echoInt(value) {
    return value;
  }

  halve(value) {
    return value / 2;
  }

  join(parts) {
    return parts.join("");
  }

  maybe(value, flag) {
    return flag ? [value, value] : [];
  }

  counts(words) {
    const counts = new Map();
    for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
    return counts;
  }

  moveJob(job) {
    if (job.jobId === "") return undefined;
    return { ...job, attempts: job.attempts + 1, mine: "kept to myself" };
  }

  allJobs(jobs) {
    return Object.keys(jobs).sort().map((key) => jobs[key]);
  }

  fail(text) {
    throw new Error(text);
  }

  log(text) {
    console.log(text);
    return true;
  }

  ratio(a, b) {
    return a / b;
  }
}
