// The verbs of the API, typed by the generated schema.
import createClient from 'openapi-fetch';
import { fileName } from '../save';
import { data, randomKey, transport } from './http';
import type { paths } from './schema';
import type { Attempt, AttemptSummary, Card, Coaching, CompetencyProgress, Coverage, CoverageRow, Draft, ExportDocument, Health, HistoryItem, Imported, Item, ItemDetail, Job, JobFields, Language, Loop, LoopEntry, LoopPreset, LoopScorecard, NewAttempt, NewCardReview, NewCoaching, NewLoop, NewLoopEvent, NewOverride, NewPlan, NewRehearsal, NewReply, NewRun, PlanState, PlanToday, PlannedDay, ProgramDraft, ProgramFile, Ran, Rehearsal, Review, ReviewSettings, Reviewed, Role, SetSummary, Speech, Story, StoryFields, StoryFinding, TailoredSet, Transcription } from './types';

const client = createClient<paths>({ fetch: (request) => transport(request) });

/** What has to be said to delete everything. */
export const WIPE_WORD = 'delete everything';

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

  /** What is still missing in an answer so far; nothing of it is kept. */
  coach(item: string, body: NewCoaching): Promise<Coaching> {
    return data(client.POST('/api/v1/items/{id}/coach', { params: { path: { id: item } }, body }));
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

  async loopPresets(): Promise<LoopPreset[]> {
    return (await data(client.GET('/api/v1/loop-presets'))).data;
  },

  loops(query: { limit?: number; after?: string } = {}): Promise<{ data: LoopEntry[]; next: string | null }> {
    return data(client.GET('/api/v1/loops', { params: { query } }));
  },

  loop(id: string): Promise<Loop> {
    return data(client.GET('/api/v1/loops/{id}', { params: { path: { id } } }));
  },

  createLoop(body: NewLoop): Promise<Loop> {
    return data(client.POST('/api/v1/loops', { body }));
  },

  /** The same event at the same position happens once. */
  loopEvent(id: string, body: NewLoopEvent): Promise<Loop> {
    return data(client.POST('/api/v1/loops/{id}/events', { params: { path: { id } }, body }));
  },

  loopScorecard(id: string): Promise<LoopScorecard> {
    return data(client.GET('/api/v1/loops/{id}/scorecard', { params: { path: { id } } }));
  },

  async deleteLoop(id: string): Promise<void> {
    await data(client.DELETE('/api/v1/loops/{id}', { params: { path: { id } }, keepalive: true }));
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

  /** The unsent program in one language. */
  program(item: string, lang: Language): Promise<ProgramDraft> {
    return data(client.GET('/api/v1/drafts/{item}/{lang}', { params: { path: { item, lang } } }));
  },

  saveProgram(item: string, lang: Language, files: ProgramFile[], elapsedMs: number): Promise<ProgramDraft> {
    const params = { path: { item, lang } };
    return data(client.PUT('/api/v1/drafts/{item}/{lang}', { params, body: { files, elapsed_ms: elapsedMs } }));
  },

  async deleteProgram(item: string, lang: Language): Promise<void> {
    await data(client.DELETE('/api/v1/drafts/{item}/{lang}', { params: { path: { item, lang } } }));
  },

  /** Runs a program on what it is to be tried on; nothing of it is kept. */
  run(item: string, body: NewRun): Promise<Ran> {
    return data(client.POST('/api/v1/items/{id}/runs', { params: { path: { id: item } }, body }));
  },

  async roles(): Promise<Role[]> {
    return (await data(client.GET('/api/v1/roles'))).data;
  },

  async jobs(): Promise<Job[]> {
    return (await data(client.GET('/api/v1/jobs', { params: { query: { limit: PAGE } } }))).data;
  },

  job(id: string): Promise<Job> {
    return data(client.GET('/api/v1/jobs/{id}', { params: { path: { id } } }));
  },

  createJob(body: JobFields): Promise<Job> {
    return data(client.POST('/api/v1/jobs', { body }));
  },

  /** `version` is the one that was read: a writer in between makes the server refuse. */
  saveJob(id: string, job: JobFields, version: number): Promise<Job> {
    return data(client.PUT('/api/v1/jobs/{id}', { params: { path: { id } }, body: { job, version } }));
  },

  async deleteJob(id: string): Promise<void> {
    await data(client.DELETE('/api/v1/jobs/{id}', { params: { path: { id } }, keepalive: true }));
  },

  sets(query: { job?: string; after?: string } = {}): Promise<{ data: SetSummary[]; next: string | null }> {
    return data(client.GET('/api/v1/sets', { params: { query: { ...query, limit: PAGE } } }));
  },

  set(id: string): Promise<TailoredSet> {
    return data(client.GET('/api/v1/sets/{id}', { params: { path: { id } } }));
  },

  /** Chooses questions for a job; without a seed the server draws one. */
  createSet(job: string, minutes: number): Promise<TailoredSet> {
    return data(client.POST('/api/v1/sets', { body: { job, minutes } }));
  },

  async deleteSet(id: string): Promise<void> {
    await data(client.DELETE('/api/v1/sets/{id}', { params: { path: { id } }, keepalive: true }));
  },

  async history(): Promise<HistoryItem[]> {
    return (await data(client.GET('/api/v1/history'))).items;
  },

  /** What a day of review holds. */
  review(date: string): Promise<Review> {
    return data(client.GET('/api/v1/review', { params: { query: { date } } }));
  },

  saveReviewSettings(body: ReviewSettings): Promise<ReviewSettings> {
    return data(client.PUT('/api/v1/review/settings', { body }));
  },

  cards(query: { q?: string; limit?: number; after?: string }): Promise<{ data: Card[]; next: string | null }> {
    return data(client.GET('/api/v1/cards', { params: { query } }));
  },

  saveCard(card: Card, change: { suspended?: boolean; note?: string }): Promise<Card> {
    const body = { suspended: card.suspended, note: card.note, version: card.version, ...change };
    return data(client.PUT('/api/v1/cards/{id}', { params: { path: { id: card.id } }, body }));
  },

  async deleteCard(id: string): Promise<void> {
    await data(client.DELETE('/api/v1/cards/{id}', { params: { path: { id } }, keepalive: true }));
  },

  gradeCard(id: string, body: NewCardReview): Promise<Reviewed> {
    return data(client.POST('/api/v1/cards/{id}/reviews', { params: { path: { id } }, body }));
  },

  undoReview(id: string, date: string, seen: number): Promise<Card> {
    return data(client.POST('/api/v1/cards/{id}/undo', { params: { path: { id } }, body: { date, seen } }));
  },

  card(id: string): Promise<Card> {
    return data(client.GET('/api/v1/cards/{id}', { params: { path: { id } } }));
  },

  plan(): Promise<PlanState> {
    return data(client.GET('/api/v1/plan'));
  },

  savePlan(body: NewPlan): Promise<PlanState> {
    return data(client.PUT('/api/v1/plan', { body }));
  },

  async deletePlan(): Promise<void> {
    await data(client.DELETE('/api/v1/plan'));
  },

  /** The list of a day; the date is the candidate's own. */
  planToday(date: string): Promise<PlanToday> {
    return data(client.GET('/api/v1/plan/today', { params: { query: { date } } }));
  },

  async planDays(date: string, from: string, to: string): Promise<PlannedDay[]> {
    return (await data(client.GET('/api/v1/plan/days', { params: { query: { date, from, to } } }))).days;
  },

  tickPlan(body: { date: string; activity: string; done: boolean }): Promise<PlanToday> {
    return data(client.POST('/api/v1/plan/done', { body }));
  },

  checkPlan(body: { date: string; check: string; done: boolean }): Promise<PlanToday> {
    return data(client.POST('/api/v1/plan/checklist', { body }));
  },

  async progress(utcOffset: number): Promise<CompetencyProgress[]> {
    const params = { query: { utc_offset: utcOffset } };
    return (await data(client.GET('/api/v1/progress', { params }))).competencies;
  },

  /** All stories, page after page. */
  async stories(): Promise<Story[]> {
    const all: Story[] = [];
    for (let after: string | undefined; ; ) {
      const page = await data(client.GET('/api/v1/stories', { params: { query: { limit: PAGE, ...(after ? { after } : {}) } } }));
      all.push(...page.data);
      if (!page.next) return all;
      after = page.next;
    }
  },

  story(id: string, hideNames = false): Promise<Story> {
    const query = hideNames ? { hide_names: true } : {};
    return data(client.GET('/api/v1/stories/{id}', { params: { path: { id }, query } }));
  },

  createStory(body: StoryFields): Promise<Story> {
    return data(client.POST('/api/v1/stories', { body }));
  },

  saveStory(id: string, version: number, story: StoryFields): Promise<Story> {
    return data(client.PUT('/api/v1/stories/{id}', { params: { path: { id } }, body: { version, story }, keepalive: true }));
  },

  async deleteStory(id: string): Promise<void> {
    await data(client.DELETE('/api/v1/stories/{id}', { params: { path: { id } }, keepalive: true }));
  },

  async checkStory(body: StoryFields, signal: AbortSignal): Promise<StoryFinding[]> {
    return (await data(client.POST('/api/v1/stories/check', { body, signal }))).findings;
  },

  rehearse(id: string, body: NewRehearsal): Promise<Rehearsal> {
    return data(client.POST('/api/v1/stories/{id}/rehearsals', { params: { path: { id } }, body }));
  },

  coverage(): Promise<Coverage> {
    return data(client.GET('/api/v1/stories/coverage'));
  },

  /** Grades every story against one question. */
  coverageRow(item: string, signal: AbortSignal): Promise<CoverageRow> {
    return data(client.GET('/api/v1/stories/coverage/{item}', { params: { path: { item } }, signal }));
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

  /** Deletes everything that the server keeps. */
  async wipe(): Promise<void> {
    await data(client.POST('/api/v1/wipe', { body: { confirm: WIPE_WORD } }));
  },

  /** A file to print or to open elsewhere, from a path such as `/attempts/ID/paper`; what has no name of its own is JSON. */
  async file(path: string): Promise<{ blob: Blob; name: string }> {
    const response = await transport(new Request(`/api/v1${path}`));
    if (!response.ok) await data(response.json().then((error: unknown) => ({ error, response })));
    const name = fileName(response.headers.get('Content-Disposition'), `spar${path.replaceAll('/', '-')}.json`);
    return { blob: await response.blob(), name };
  },
};
