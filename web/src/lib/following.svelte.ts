// An attempt that is not graded yet, followed by events; where they do not come, by asking.
import { api } from './api/client';
import type { Attempt } from './api/types';
import { listen } from './stream';

/** How long to wait before asking again where there is no stream. */
const ASK_MS = 700;

export function isWaiting(attempt: { state: Attempt['state'] }): boolean {
  return attempt.state === 'queued' || attempt.state === 'running';
}

/** Tells each new state until the attempt is graded; gives what stops it. */
export function follow(id: string, tell: (attempt: Attempt) => void): () => void {
  const abort = new AbortController();
  let over = false;
  const take = (attempt: Attempt): void => {
    if (over) return;
    over = !isWaiting(attempt);
    tell(attempt);
    if (over) abort.abort();
  };
  void (async () => {
    while (!over && !abort.signal.aborted) {
      await listen(`/attempts/${encodeURIComponent(id)}/events`, abort.signal, ({ event, data }) => {
        if (event === 'attempt') take(JSON.parse(data) as Attempt);
      }).catch(() => undefined);
      if (over || abort.signal.aborted) return;
      await new Promise((resolve) => setTimeout(resolve, ASK_MS));
      if (!abort.signal.aborted) await api.attempt(id).then(take, () => undefined);
    }
  })();
  return () => abort.abort();
}
