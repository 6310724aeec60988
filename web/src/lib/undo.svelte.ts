// Deleting waits five seconds for a change of mind; then it is done and cannot be undone.
import { reason } from './api/http';

export const UNDO_MS = 5_000;

interface Pending {
  id: string;
  /** What is being deleted, as in “Deleting …”. */
  what: string;
  finish: () => Promise<void>;
}

class Undo {
  pending = $state<Pending[]>([]);
  failed = $state('');
  /** Counts finished deletions, so that lists reload. */
  done = $state(0);
  #timers = new Map<string, ReturnType<typeof setTimeout>>();

  start(): void {
    // Whoever leaves has confirmed already.
    addEventListener('pagehide', () => this.pending.forEach(({ id }) => void this.#finish(id)));
  }

  hides(id: string): boolean {
    return this.pending.some((p) => p.id === id);
  }

  /** Hides `id` at once; `finish` deletes it unless somebody undoes that in time. */
  remove(id: string, what: string, finish: () => Promise<void>): void {
    this.failed = '';
    this.pending.push({ id, what, finish });
    this.#timers.set(
      id,
      setTimeout(() => void this.#finish(id), UNDO_MS),
    );
  }

  undo(id: string): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    this.pending = this.pending.filter((p) => p.id !== id);
  }

  async #finish(id: string): Promise<void> {
    const pending = this.pending.find((p) => p.id === id);
    if (!pending || !this.#timers.has(id)) return;
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    try {
      await pending.finish();
      this.done += 1;
    } catch (error) {
      this.failed = `Not deleted: ${reason(error)}`;
    }
    this.pending = this.pending.filter((p) => p.id !== id);
  }
}

export const undo = new Undo();
