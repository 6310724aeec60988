// Whether the server answers. Requests report here; pages reload when `epoch` changes.

const PROBE_EVERY_MS = 2_000;

class Connection {
  down = $state(false);
  /** Counts the times the server came back. */
  epoch = $state(0);
  #timer: ReturnType<typeof setTimeout> | undefined;

  lost(): void {
    this.down = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.probe(), PROBE_EVERY_MS);
  }

  found(): void {
    clearTimeout(this.#timer);
    if (!this.down) return;
    this.down = false;
    this.epoch += 1;
  }

  /** Any answer will do, also a refusal: it shows that somebody is there. */
  async probe(): Promise<void> {
    try {
      await fetch('/api/v1/health', { signal: AbortSignal.timeout(PROBE_EVERY_MS) });
      this.found();
    } catch {
      this.lost();
    }
  }
}

export const connection = new Connection();
