// The unsent program of an item, one for each language, with the candidate's own tests: in this browser at
// once, on the server a moment later, and again until it is there.
import { api } from './api/client';
import { isMissing, randomKey, Refused } from './api/http';
import type { Attempt, Language, NewAttempt, ProgramFile } from './api/types';
import { LANGUAGE, TESTS_FILE } from './code';
import { connection } from './connection.svelte';
import { local } from './storage';

const PREFIX = 'spar.program.';
const CHOSEN = 'spar.language';
const PAUSE_MS = 600;
const RETRY_MS = 5_000;
/** The server takes at most a day. */
const ELAPSED_MAX_MS = 86_400_000;

interface Written {
  text: string;
  /** True once the server has this program with the tests as they were then. */
  synced: boolean;
}

interface Stored {
  language: Language;
  programs: Partial<Record<Language, Written>>;
  /** The candidate's own tests; null until they differ from the example. */
  tests: string | null;
  /** Input for trial runs; stays in this browser. */
  input: string;
  elapsed_ms: number;
  at: string;
  /** A submission that was sent and not yet acknowledged; repeated with the same key and body. */
  sent?: { key: string; body: NewAttempt };
}

export interface UnfinishedProgram {
  item: string;
  languages: Language[];
  at: string;
}

/** Items with an unsent program in this browser, newest first. */
export function unfinishedPrograms(): UnfinishedProgram[] {
  return local
    .keys(PREFIX)
    .map((key) => ({ item: key.slice(PREFIX.length), stored: local.read<Stored>(key) }))
    .flatMap(({ item, stored }) => {
      const languages = Object.keys(stored?.programs ?? {}) as Language[];
      return stored && languages.length > 0 ? [{ item, languages, at: stored.at }] : [];
    })
    .sort((a, b) => (a.at < b.at ? 1 : -1));
}

/** Removes every unsent program from this browser. */
export function forgetPrograms(): void {
  for (const key of local.keys(PREFIX)) local.remove(key);
}

/** Makes the program of an attempt the unsent one of its item again. */
export function restoreProgram({ item, submission }: Pick<Attempt, 'item' | 'submission'>): void {
  if (submission.type !== 'source') return;
  const { lang, files } = submission;
  const stored: Stored = {
    programs: {}, input: '', elapsed_ms: 0,
    ...local.read<Stored>(PREFIX + item),
    language: lang,
    tests: find(files, TESTS_FILE) ?? null,
    at: new Date().toISOString(),
  };
  stored.programs[lang] = { text: find(files, LANGUAGE[lang].file) ?? '', synced: false };
  local.write(PREFIX + item, stored);
}

/** What one starts from. */
export interface Given {
  /** What the item gives, by language. */
  starters: Record<string, string>;
  /** The example of own tests. */
  tests: string;
  /** The earlier attempt that is improved on. */
  previous?: { lang: Language; files: readonly ProgramFile[] } | undefined;
}

const find = (files: readonly ProgramFile[] | undefined, path: string): string | undefined =>
  files?.find((file) => file.path === path)?.text;

export class ProgramDraft {
  language = $state<Language>('python');
  input = $state('');
  elapsedMs = $state(0);
  saved = $state<'empty' | 'saving' | 'saved' | 'here' | 'nowhere'>('empty');
  #programs = $state<Stored['programs']>({});
  #tests = $state<string | null>(null);
  #sent: Stored['sent'];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pushing: Promise<void> = Promise.resolve();
  #closed = false;

  /** Begins in the language of the earlier attempt, else that used last here or anywhere, if it is one of `can`. */
  constructor(
    readonly item: string,
    private readonly given: Given,
    can: readonly Language[],
  ) {
    const stored = local.read<Stored>(PREFIX + item);
    const wished = [given.previous?.lang, stored?.language, local.read<Language>(CHOSEN), ...can].filter((it) => it && can.includes(it));
    this.language = wished[0] ?? stored?.language ?? 'python';
    if (!stored) return;
    this.#programs = stored.programs;
    this.#tests = stored.tests;
    this.input = stored.input;
    this.elapsedMs = stored.elapsed_ms;
    this.#sent = stored.sent;
    this.saved = this.#standing();
  }

  /** The program in the language chosen. */
  get text(): string {
    return this.#programs[this.language]?.text ?? this.#previous ?? this.starter;
  }

  /** The earlier program, in its language. */
  get #previous(): string | undefined {
    const { previous } = this.given;
    return previous?.lang === this.language ? find(previous.files, LANGUAGE[previous.lang].file) : undefined;
  }

  get starter(): string {
    return this.given.starters[this.language] ?? '';
  }

  get tests(): string {
    return this.#tests ?? find(this.given.previous?.files, TESTS_FILE) ?? this.given.tests;
  }

  /** Whether the program is another than the starter. */
  get edited(): boolean {
    return this.text !== this.starter;
  }

  /** What is handed in or run. */
  get files(): ProgramFile[] {
    const files = [{ path: LANGUAGE[this.language].file, text: this.text }];
    return this.tests.trim() ? [...files, { path: TESTS_FILE, text: this.tests }] : files;
  }

  /** Brings browser and server together: unsaved words here win, otherwise the server's. */
  async open(): Promise<void> {
    const { language } = this;
    const before = this.#programs[language];
    if (before && !before.synced) return this.#push(language);
    try {
      const { files, elapsed_ms } = await api.program(this.item, language);
      if (this.#closed || this.#programs[language] !== before) return;
      const program = find(files, LANGUAGE[language].file);
      const tests = find(files, TESTS_FILE);
      if (program !== undefined) this.#programs[language] = { text: program, synced: true };
      if (tests !== undefined && (this.#tests === null || before)) this.#tests = tests;
      this.elapsedMs = Math.max(this.elapsedMs, elapsed_ms ?? 0);
      this.#keep();
      this.saved = this.#standing();
    } catch (error) {
      // Missing there but synced before: it was submitted or discarded from another window.
      if (isMissing(error) && before && this.#programs[language] === before) this.#forget(language);
    }
  }

  choose(language: Language): void {
    this.#flush();
    this.language = language;
    local.write(CHOSEN, language);
    this.#keep();
    this.saved = this.#standing();
    void this.open();
  }

  edit(text: string): void {
    this.#programs[this.language] = { text, synced: false };
    this.#changed();
  }

  editTests(tests: string): void {
    this.#tests = tests;
    this.#programs[this.language] = { text: this.text, synced: false };
    this.#changed();
  }

  editInput(input: string): void {
    this.input = input;
    this.#keep();
  }

  /** Back to what the item gives; returns what undoes that. */
  reset(): () => void {
    const { language, text } = this;
    if (this.#previous === undefined) {
      this.#forget(language);
      void this.#push(language);
    } else this.edit(this.starter);
    return () => {
      this.language = language;
      this.edit(text);
    };
  }

  tick(elapsedMs: number): void {
    this.elapsedMs = elapsedMs;
    if (this.#programs[this.language]) this.#keep();
  }

  /** Stops the timers; what is unsaved is sent once more. */
  close(): void {
    this.#flush();
    this.#closed = true;
  }

  /** The key and body for handing this program in; the same ones until it is acknowledged or changed. */
  submission(previous: string | null, elapsedMs: number | null): NonNullable<Stored['sent']> {
    const submission = { type: 'source' as const, lang: this.language, files: this.files };
    const sent = this.#sent;
    const same = JSON.stringify(sent?.body.submission) === JSON.stringify(submission) && (sent?.body.previous ?? null) === previous;
    if (sent && same) return sent;
    const body: NewAttempt = { item: this.item, submission };
    if (previous) body.previous = previous;
    if (elapsedMs !== null) body.elapsed_ms = Math.round(Math.min(elapsedMs, ELAPSED_MAX_MS));
    this.#sent = { key: randomKey(), body };
    this.#keep();
    return this.#sent;
  }

  /** After the attempt is acknowledged: the draft in this language is gone here and there. */
  async submitted(): Promise<void> {
    const { language } = this;
    this.#closed = true;
    this.#sent = undefined;
    this.#tests = null;
    this.elapsedMs = 0;
    this.#forget(language);
    await this.#pushing;
    await api.deleteProgram(this.item, language).catch(() => undefined);
  }

  /** To be called when the server is back. */
  resume(): void {
    if (connection.down || this.#closed) return;
    if (this.saved === 'here' || this.saved === 'nowhere') void this.#push(this.language);
  }

  #standing(): ProgramDraft['saved'] {
    const written = this.#programs[this.language];
    return written ? (written.synced ? 'saved' : 'here') : 'empty';
  }

  #changed(): void {
    this.saved = this.#keep() ? 'saving' : 'nowhere';
    this.#later(PAUSE_MS);
  }

  #forget(language: Language): void {
    clearTimeout(this.#timer);
    delete this.#programs[language];
    this.#keep();
    this.saved = this.#standing();
  }

  #keep(): boolean {
    const stored: Stored = {
      language: this.language,
      programs: $state.snapshot(this.#programs),
      tests: this.#tests,
      input: this.input,
      elapsed_ms: this.elapsedMs,
      at: new Date().toISOString(),
    };
    const nothing = Object.keys(stored.programs).length === 0 && stored.tests === null && !stored.input;
    if (!nothing) return local.write(PREFIX + this.item, this.#sent ? { ...stored, sent: this.#sent } : stored);
    local.remove(PREFIX + this.item);
    return true;
  }

  #later(ms: number): void {
    clearTimeout(this.#timer);
    const { language } = this;
    this.#timer = setTimeout(() => void this.#push(language), ms);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    if (!this.#closed && (this.saved === 'saving' || this.saved === 'here')) void this.#push(this.language);
  }

  #push(language: Language): Promise<void> {
    clearTimeout(this.#timer);
    this.#pushing = this.#pushing.then(() => this.#send(language));
    return this.#pushing;
  }

  async #send(language: Language): Promise<void> {
    const written = this.#programs[language];
    const files = [{ path: LANGUAGE[language].file, text: written?.text ?? '' }];
    if (this.#tests !== null) files.push({ path: TESTS_FILE, text: this.#tests });
    try {
      if (written) await api.saveProgram(this.item, language, files, Math.round(Math.min(this.elapsedMs, ELAPSED_MAX_MS)));
      else await api.deleteProgram(this.item, language).catch((error) => (isMissing(error) ? undefined : Promise.reject(error)));
      const now = this.#programs[language];
      if (this.#closed || now !== written) return;
      if (now) now.synced = true;
      this.#keep();
      if (language === this.language) this.saved = this.#standing();
    } catch (error) {
      if (this.#closed || language !== this.language) return;
      this.saved = this.saved === 'nowhere' ? 'nowhere' : 'here';
      // A refusal of this text (too long, say) will not change by asking again.
      const { status } = error instanceof Refused ? error.problem : { status: 0 };
      if (status < 400 || status === 429 || status >= 500) this.#later(RETRY_MS);
    }
  }
}
