import { beforeEach, expect, test, vi } from 'vitest';
import { api } from './api/client';
import { Refused, Unreachable } from './api/http';
import type { Attempt } from './api/types';
import { ProgramDraft, restoreProgram, unfinishedPrograms } from './program.svelte';

const stored = new Map<string, string>();
vi.stubGlobal('localStorage', new Proxy({}, {
  get: (_, name) =>
    ({
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, value: string) => void stored.set(key, value),
      removeItem: (key: string) => void stored.delete(key),
    })[String(name)],
  ownKeys: () => [...stored.keys()],
  getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
}));

const GIVEN = { starters: { python: 'class A: pass\n', rust: 'struct A;\n' }, tests: 'test one\n' };
const missing = (): Refused =>
  new Refused({ type: 'about:blank', title: '', status: 404, detail: '', code: 'draft_not_found' }, null);

const make = (): ProgramDraft => new ProgramDraft('x', GIVEN, ['python', 'rust']);
const wait = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => {
  stored.clear();
  vi.useFakeTimers();
  vi.restoreAllMocks();
  vi.spyOn(api, 'program').mockRejectedValue(missing());
  vi.spyOn(api, 'saveProgram').mockResolvedValue(undefined as never);
  vi.spyOn(api, 'deleteProgram').mockResolvedValue();
});

test('each language has its own program, and the last one is remembered', async () => {
  const draft = make();
  expect([draft.language, draft.text, draft.edited]).toEqual(['python', GIVEN.starters.python, false]);
  draft.edit('mine');
  draft.choose('rust');
  expect(draft.text).toBe(GIVEN.starters.rust);
  draft.edit('ours');
  draft.choose('python');
  expect(draft.text).toBe('mine');
  draft.choose('rust');
  const again = make();
  expect([again.language, again.text]).toEqual(['rust', 'ours']);
  expect(new ProgramDraft('y', GIVEN, ['python', 'rust']).language).toBe('rust');
  expect(new ProgramDraft('y', GIVEN, ['python']).language).toBe('python');
  expect(unfinishedPrograms()).toMatchObject([{ item: 'x', languages: ['python', 'rust'] }]);
});

test('what is written goes to the server after a pause, with the tests', async () => {
  const draft = make();
  draft.edit('one');
  draft.edit('two');
  draft.editTests('test mine\n');
  expect(draft.saved).toBe('saving');
  await wait(1000);
  const files = [
    { path: 'main.py', text: 'two' },
    { path: 'tests.txt', text: 'test mine\n' },
  ];
  expect(api.saveProgram).toHaveBeenCalledExactlyOnceWith('x', 'python', files, 0);
  expect(draft.saved).toBe('saved');
});

test('without a server it stays here and is sent later', async () => {
  vi.mocked(api.saveProgram).mockRejectedValueOnce(new Unreachable());
  const draft = make();
  draft.edit('one');
  await wait(1000);
  expect(draft.saved).toBe('here');
  await wait(6000);
  expect(draft.saved).toBe('saved');
});

test('unsaved words here win over those of the server, saved ones do not', async () => {
  vi.mocked(api.program).mockResolvedValue({ files: [{ path: 'main.py', text: 'theirs' }], elapsed_ms: 5_000 } as never);
  const draft = make();
  await draft.open();
  expect([draft.text, draft.saved, draft.elapsedMs]).toEqual(['theirs', 'saved', 5_000]);
  draft.edit('mine');
  draft.close();
  const again = make();
  await again.open();
  expect(again.text).toBe('mine');
});

test('a draft that was handed in elsewhere is gone here too', async () => {
  const draft = make();
  draft.edit('one');
  await wait(1000);
  const again = make();
  await again.open();
  expect([again.text, again.saved]).toEqual([GIVEN.starters.python, 'empty']);
});

test('a reset can be undone', async () => {
  const draft = make();
  draft.edit('mine');
  await wait(1000);
  const undo = draft.reset();
  expect(draft.text).toBe(GIVEN.starters.python);
  await wait(1000);
  expect(api.deleteProgram).toHaveBeenCalledOnce();
  undo();
  expect([draft.text, draft.edited]).toEqual(['mine', true]);
});

test('trying again starts from the earlier program, and nothing is kept until it is changed', () => {
  const files = [{ path: 'main.rs', text: 'fn old() {}' }, { path: 'tests.txt', text: 'test old' }];
  const again = (): ProgramDraft => new ProgramDraft('x', { ...GIVEN, previous: { lang: 'rust', files } }, ['python', 'rust']);
  const draft = again();
  expect([draft.language, draft.text, draft.tests, draft.edited]).toEqual(['rust', 'fn old() {}', 'test old', true]);
  expect(unfinishedPrograms()).toEqual([]);
  draft.edit('fn new() {}');
  expect(again().text).toBe('fn new() {}');
  const undo = draft.reset();
  expect(draft.text).toBe(GIVEN.starters.rust);
  undo();
  expect(draft.text).toBe('fn new() {}');
});

test('one submission keeps its key until it changes', () => {
  const draft = make();
  draft.edit('mine');
  const { key, body } = draft.submission(null, 41_000.4);
  expect(body).toEqual({
    item: 'x',
    submission: {
      type: 'source', lang: 'python',
      files: [{ path: 'main.py', text: 'mine' }, { path: 'tests.txt', text: GIVEN.tests }],
    },
    elapsed_ms: 41_000,
  });
  expect(make().submission(null, null).key).toBe(key);
  draft.editTests('');
  const next = draft.submission('01J', null);
  expect(next.key).not.toBe(key);
  expect(next.body).toMatchObject({ previous: '01J', submission: { files: [{ path: 'main.py', text: 'mine' }] } });
});

test('after the attempt is acknowledged only other languages are left', async () => {
  const draft = make();
  draft.choose('rust');
  draft.edit('ours');
  draft.choose('python');
  draft.edit('mine');
  await draft.submitted();
  expect(api.deleteProgram).toHaveBeenCalledExactlyOnceWith('x', 'python');
  const again = make();
  expect(again.text).toBe(GIVEN.starters.python);
  again.choose('rust');
  expect(again.text).toBe('ours');
});

test('an attempt that is no longer waited for goes back into the editor', () => {
  const files = [{ path: 'main.rs', text: 'fn' }, { path: 'tests.txt', text: 'test b' }];
  restoreProgram({ item: 'x', submission: { type: 'source', lang: 'rust', files } } as Pick<Attempt, 'item' | 'submission'>);
  const draft = make();
  expect([draft.language, draft.text, draft.tests, draft.saved]).toEqual(['rust', 'fn', 'test b', 'here']);
});
