// Deleting waits five seconds for a change of mind; then it is done and cannot be undone.
import { api } from './api/client';
import { reason } from './api/http';

export const UNDO_MS = 5_000;

interface Pending {
  id: string;
  title: string;
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

  remove(id: string, title: string): void {
    this.failed = '';
    this.pending.push({ id, title });
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
    if (!this.#timers.has(id)) return;
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    try {
      await api.deleteAttempt(id);
      this.done += 1;
    } catch (error) {
      this.failed = `Not deleted: ${reason(error)}`;
    }
    this.pending = this.pending.filter((p) => p.id !== id);
  }
}

export const undo = new Undo();
