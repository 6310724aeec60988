import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Refused, Unreachable } from './api/http';
import { DraftText, unfinished } from './draft.svelte';

/** What the server holds for the item, or null; `alive` false makes every request fail. */
const server = vi.hoisted(() => ({ text: null as string | null, alive: true, log: [] as string[] }));

vi.mock('./api/client', () => {
  const answer = (verb: string, change: () => void): Promise<unknown> => {
    if (!server.alive) return Promise.reject(new Unreachable());
    server.log.push(verb);
    change();
    const missing = { type: '', title: '', status: 404, detail: 'no draft', code: 'not_found' };
    if (verb === 'GET' && server.text === null) return Promise.reject(new Refused(missing, null));
    return Promise.resolve({ text: server.text, elapsed_ms: 0 });
  };
  return {
    api: {
      draft: () => answer('GET', () => undefined),
      saveDraft: (_: string, text: string) => answer('PUT', () => (server.text = text)),
      deleteDraft: () => answer('DELETE', () => (server.text = null)),
    },
  };
});

let stored: Map<string, string>;

beforeEach(() => {
  vi.useFakeTimers();
  Object.assign(server, { text: null, alive: true, log: [] });
  stored = new Map();
  const storage = {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => void stored.set(key, value),
    removeItem: (key: string) => void stored.delete(key),
  };
  // `Object.keys(localStorage)` lists what is stored.
  const own = { ownKeys: () => [...stored.keys()], getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }) };
  vi.stubGlobal('localStorage', new Proxy({}, { get: (_, name) => storage[name as keyof typeof storage], ...own }));
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const settle = (ms = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

test('the draft of another variant is its own, and stays in this browser', async () => {
  const other = new DraftText('x', 2);
  other.edit('for two billion');
  await settle(10_000);
  expect([other.saved, server.log.length]).toEqual(['browser', 0]);
  expect(new DraftText('x').text).toBe('');
  expect(new DraftText('x', 2).text).toBe('for two billion');
  expect(unfinished()).toMatchObject([{ item: 'x', variant: 2 }]);
  expect(other.submission(null, null).body).toMatchObject({ item: 'x', variant: 2 });
  await other.submitted();
  expect([new DraftText('x', 2).text, server.log.length]).toEqual(['', 0]);
});

test('words are in the browser at once and on the server after a pause', async () => {
  const draft = new DraftText('x');
  draft.edit('first');
  draft.edit('first words');
  expect(draft.saved).toBe('saving');
  expect(new DraftText('x').text).toBe('first words');
  await settle(1_000);
  expect(server).toMatchObject({ text: 'first words', log: ['PUT'] });
  expect(draft.saved).toBe('saved');
  expect(unfinished()).toMatchObject([{ item: 'x', words: 'first words' }]);
});

test('a dead server loses nothing and gets the text when it is back', async () => {
  server.alive = false;
  const draft = new DraftText('x');
  draft.edit('kept');
  await settle(1_000);
  expect(draft.saved).toBe('here');
  server.alive = true;
  await settle(6_000);
  expect(draft.saved).toBe('saved');
  expect(server.text).toBe('kept');
});

test('after a reload unsaved words here win over older ones there', async () => {
  server.text = 'older';
  new DraftText('x').edit('newer');
  const again = new DraftText('x');
  await again.open();
  expect([again.text, server.text]).toEqual(['newer', 'newer']);
});

test('what was emptied just before leaving stays empty', async () => {
  server.text = 'older';
  const draft = new DraftText('x');
  await draft.open();
  draft.edit('');
  const again = new DraftText('x');
  await again.open();
  expect([again.text, server.text, stored.size]).toEqual(['', null, 0]);
});

test('another browser finds the draft on the server', async () => {
  server.text = 'from elsewhere';
  const draft = new DraftText('x');
  await draft.open();
  expect([draft.text, draft.saved]).toEqual(['from elsewhere', 'saved']);
});

test('the time that ran since the last save is kept', async () => {
  const draft = new DraftText('x');
  draft.edit('text');
  await settle(1_000);
  draft.tick(7_000);
  const again = new DraftText('x');
  await again.open();
  expect([again.text, again.elapsedMs]).toEqual(['text', 7_000]);
});

test('typing while the draft loads is never overwritten', async () => {
  server.text = 'from elsewhere';
  const draft = new DraftText('x');
  const opening = draft.open();
  draft.edit('mine');
  await opening;
  expect(draft.text).toBe('mine');
});

test('a draft that was submitted elsewhere is gone here too', async () => {
  const draft = new DraftText('x');
  draft.edit('sent from another window');
  await settle(1_000);
  server.text = null;
  const again = new DraftText('x');
  await again.open();
  expect([again.text, unfinished().length]).toEqual(['', 0]);
});

test('the same text is handed in under the same key, also after a reload', () => {
  const draft = new DraftText('x');
  draft.edit('answer');
  const { key, body } = draft.submission(null, 41_000.4);
  expect(body).toEqual({ item: 'x', submission: { type: 'text', text: 'answer' }, elapsed_ms: 41_000 });
  expect(new DraftText('x').submission(null, 50_000)).toEqual({ key, body });
  draft.edit('another answer');
  expect(draft.submission(null, null).key).not.toBe(key);
  expect(draft.submission('01J', null).body.previous).toBe('01J');
});

test('after the attempt is acknowledged nothing is left', async () => {
  const draft = new DraftText('x');
  draft.edit('answer');
  const done = draft.submitted();
  await settle(2_000);
  await done;
  expect([stored.size, server.text, draft.text]).toEqual([0, null, '']);
});

test('a browser that refuses storage says so until the server has the text', async () => {
  vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => { throw new Error('quota'); }, removeItem: () => undefined });
  server.alive = false;
  const draft = new DraftText('x');
  draft.edit('text');
  expect(draft.saved).toBe('nowhere');
  server.alive = true;
  await settle(1_000);
  expect(draft.saved).toBe('saved');
});
