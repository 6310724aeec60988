// Server-sent events over `fetch`: the browser's own EventSource cannot carry a token.
import { transport } from './api/http';

/** A stream is let go and opened anew after this long; the server sends the state first. */
const RENEW_MS = 600_000;

export interface Message {
  event: string;
  data: string;
}

/** Takes whole messages off the front of `text`; what is left waits for the rest of it. */
export function messages(text: string): { whole: Message[]; rest: string } {
  const blocks = text.replaceAll('\r\n', '\n').split('\n\n');
  const rest = blocks.pop() ?? '';
  const whole = blocks.flatMap((block) => {
    const fields = block.split('\n').map((line) => /^(event|data): ?(.*)$/.exec(line));
    const data = fields.flatMap((field) => (field?.[1] === 'data' ? [field[2]!] : []));
    const event = fields.find((field) => field?.[1] === 'event')?.[2] ?? 'message';
    return data.length > 0 ? [{ event, data: data.join('\n') }] : [];
  });
  return { whole, rest };
}

/** Calls `each` for every message until the stream ends; throws when it could not be opened or broke. */
export async function listen(path: string, signal: AbortSignal, each: (message: Message) => void): Promise<void> {
  const headers = { Accept: 'text/event-stream' };
  const response = await transport(new Request(`/api/v1${path}`, { headers, signal }), RENEW_MS);
  if (!response.ok || !response.body) throw new Error(`no stream: ${response.status}`);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let kept = ''; ; ) {
    const { done, value } = await reader.read();
    if (done) return;
    const { whole, rest } = messages(kept + value);
    kept = rest;
    whole.forEach(each);
  }
}
