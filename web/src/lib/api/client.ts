// The verbs of the API, typed by the generated schema.
import createClient from 'openapi-fetch';
import { data, randomKey, transport } from './http';
import type { paths } from './schema';
import type { Attempt, AttemptSummary, Draft, ExportDocument, Health, HistoryItem, Imported, Item, ItemDetail, NewAttempt, NewOverride, NewReply, Speech, Transcription } from './types';

const client = createClient<paths>({ fetch: (request) => transport(request) });

/** The most that one page of a list holds. */
const PAGE = 100;

/** A minute of speech on a slow machine, or at an endpoint that is given two minutes. */
const TRANSCRIBE_MS = 150_000;

export const api = {
  /** The whole bank, page after page. */
  async items(query: { q?: string } = {}, signal?: AbortSignal): Promise<Item[]> {
    const all: Item[] = [];
    for (let after: string | undefined; ; ) {
      const params = { query: { ...query, limit: PAGE, ...(after ? { after } : {}) } };
      const page = await data(client.GET('/api/v1/items', { params, ...(signal ? { signal } : {}) }));
      all.push(...page.data);
      if (!page.next) return all;
      after = page.next;
    }
  },

  item(id: string, { guidance = false, variant = 0 } = {}): Promise<ItemDetail> {
    const query = { ...(guidance ? { guidance } : {}), ...(variant > 0 ? { variant } : {}) };
    return data(client.GET('/api/v1/items/{id}', { params: { path: { id }, query } }));
  },

  /** `key` makes a repeated call safe: the same key and body are one attempt. */
  submit(body: NewAttempt, key: string): Promise<Attempt> {
    return data(client.POST('/api/v1/attempts', { params: { header: { 'Idempotency-Key': key } }, body }));
  },

  attempts(query: { item?: string; limit?: number; after?: string } = {}): Promise<{ data: AttemptSummary[]; next: string | null }> {
    return data(client.GET('/api/v1/attempts', { params: { query } }));
  },

  attempt(id: string): Promise<Attempt> {
    return data(client.GET('/api/v1/attempts/{id}', { params: { path: { id } } }));
  },

  async deleteAttempt(id: string): Promise<void> {
    await data(client.DELETE('/api/v1/attempts/{id}', { params: { path: { id } }, keepalive: true }));
  },

  reply(attempt: string, body: NewReply, key = randomKey()): Promise<Attempt> {
    const params = { path: { id: attempt }, header: { 'Idempotency-Key': key } };
    return data(client.POST('/api/v1/attempts/{id}/replies', { params, body }));
  },

  /** Says what a criterion should be; saying it again changes nothing. */
  regrade(attempt: string, group: string, criterion: string, body: NewOverride): Promise<Attempt> {
    const params = { path: { id: attempt, group, criterion } };
    return data(client.PUT('/api/v1/attempts/{id}/overrides/{group}/{criterion}', { params, body }));
  },

  async withdraw(attempt: string, group: string, criterion: string): Promise<void> {
    const params = { path: { id: attempt, group, criterion } };
    await data(client.DELETE('/api/v1/attempts/{id}/overrides/{group}/{criterion}', { params }));
  },

  /** Asks the second reader; `reading.state` of the attempt says what came of it. */
  read(attempt: string): Promise<Attempt> {
    return data(client.POST('/api/v1/attempts/{id}/reading', { params: { path: { id: attempt } } }));
  },

  draft(item: string): Promise<Draft> {
    return data(client.GET('/api/v1/drafts/{item}', { params: { path: { item } } }));
  },

  saveDraft(item: string, text: string, elapsedMs: number): Promise<Draft> {
    const params = { path: { item } };
    return data(client.PUT('/api/v1/drafts/{item}', { params, body: { text, elapsed_ms: elapsedMs } }));
  },

  async deleteDraft(item: string): Promise<void> {
    await data(client.DELETE('/api/v1/drafts/{item}', { params: { path: { item } } }));
  },

  async history(): Promise<HistoryItem[]> {
    return (await data(client.GET('/api/v1/history'))).items;
  },

  health(): Promise<Health> {
    return data(client.GET('/api/v1/health'));
  },

  speech(): Promise<Speech> {
    return data(client.GET('/api/v1/speech'));
  },

  /** Begins to fetch the speech model; {@link api.speech} tells how it goes. */
  fetchSpeech(): Promise<Speech> {
    return data(client.POST('/api/v1/speech/fetch'));
  },

  /** What is said in a recording, a WAV file. */
  async transcribe(recording: Blob): Promise<Transcription> {
    const headers = { 'Content-Type': 'audio/wav' };
    const request = new Request('/api/v1/transcriptions', { method: 'POST', headers, body: recording });
    const response = await transport(request, TRANSCRIBE_MS);
    const body: unknown = await response.json().catch(() => undefined);
    return data(Promise.resolve(response.ok ? { data: body as Transcription, response } : { error: body, response }));
  },

  /** Everything, as a file to keep. */
  async export(): Promise<Blob> {
    const response = await transport(new Request('/api/v1/export'));
    return data(response.blob().then((blob) => ({ data: blob, error: undefined, response })));
  },

  /** Takes what {@link api.export} wrote; the server says what is wrong with anything else. */
  import(document: unknown): Promise<Imported> {
    return data(client.POST('/api/v1/import', { body: document as ExportDocument }));
  },
};
