export interface Job {
  jobId: string;
  attempts: number;
  note: string | null;
  tags: string[];
}

enum Floor {
  Least = 1,
}

export class Shelf {
  private values: Map<string, number> = new Map();

  constructor(private readonly capacity: number) {
    if (this.capacity < Floor.Least) throw new RangeError("capacity must be positive");
  }

  put(key: string, value: number): void {
    this.values.set(key, value);
  }

  get(key: string): number | null {
    return this.values.get(key) ?? null;
  }

  async add(key: string, by: number): Promise<number> {
    await new Promise<void>((resolve) => setTimeout(resolve, 1));
    const sum = (this.values.get(key) ?? 0) + by;
    this.values.set(key, sum);
    return sum;
  }

  async waitFor(key: string): Promise<number> {
    while (!this.values.has(key)) await new Promise<void>((resolve) => setTimeout(resolve, 1));
    return this.values.get(key)!;
  }

  echoInt(value: number): number {
    return value;
  }

  halve(value: number): number {
    return value / 2;
  }

  join(parts: string[]): string {
    return parts.join("");
  }

  maybe(value: number | null, flag: boolean): (number | null)[] {
    return flag ? [value, value] : [];
  }

  counts(words: string[]): Record<string, number> {
    const counts: Record<string, number> = Object.create(null);
    for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
    return counts;
  }

  moveJob(job: Job): Job | null {
    return job.jobId === "" ? null : { ...job, attempts: job.attempts + 1 };
  }

  allJobs(jobs: Record<string, Job>): Job[] {
    return Object.keys(jobs).sort().map((key) => jobs[key] as Job);
  }

  fail(text: string): void {
    throw new Error(text);
  }

  log(text: string): boolean {
    console.log(text);
    return true;
  }

  ratio(a: number, b: number): number {
    return a / b;
  }
}
