// A job description becomes a set; a question of it opens at its variant; all of it by keyboard.
import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { inflateRawSync } from 'node:zlib';
import { findings } from '../lib/axe.js';
import { launch, LOOKS, open, settled } from '../lib/browser.js';
import { Spar } from '../lib/spar.js';

const RESULTS = new URL('../test-results/', import.meta.url);
const POSTING = `Senior backend engineer, payments
Requirements
- Idempotency and retries are second nature to you
- PostgreSQL, transactions and isolation levels
- Go, Kafka and event-driven services
Nice to have
- GraphQL
What we offer
- Redis-branded socks and health insurance`;
const CV = 'Built a ledger on MySQL. Ran Kafka for two years.';
/** The first set makes the vectors of all questions. */
const CHOOSING_MS = 30_000;

let spar;
let browser;
before(async () => ([spar, browser] = await Promise.all([Spar.start(), launch(), mkdir(RESULTS, { recursive: true })])));
after(async () => {
  await browser?.close();
  await spar?.stop();
});

/** A set of a job by a seed. */
async function made(job, seed) {
  const response = await fetch(spar.at('/api/v1/sets'), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ job, seed }),
  });
  assert.equal(response.status, 201);
  return response.json();
}

/** The first file of a zip: the collection of an Anki package. */
function collection(zip) {
  const at = 30 + zip.readUInt16LE(26) + zip.readUInt16LE(28);
  return inflateRawSync(zip.subarray(at, at + zip.readUInt32LE(18)));
}

/** Presses Tab until the focus is on what the page calls `name`. */
async function tabTo(page, name) {
  for (let i = 0; i < 80; i++) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(() => {
      const it = document.activeElement;
      return it?.labels?.[0]?.textContent.trim() || it?.textContent.trim();
    });
    if (at === name) return;
  }
  assert.fail(`Tab never reaches ${name}`);
}

test('a description becomes a set, by keyboard, and a question opens at its variant', async () => {
  const page = await open(browser);
  await page.goto(spar.at('/sets'));
  await page.getByText('No set yet').waitFor();
  await page.getByRole('link', { name: 'Paste a job description' }).press('Enter');
  await page.getByRole('heading', { name: 'The job', level: 1 }).waitFor();
  await tabTo(page, 'Job description');
  await page.keyboard.insertText(POSTING);
  await tabTo(page, 'Your CV, if you want it probed');
  await page.keyboard.press('Enter');
  await tabTo(page, 'CV');
  await page.keyboard.insertText(CV);
  await page.getByText('Saved', { exact: true }).waitFor();
  await tabTo(page, 'Choose questions');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'What your CV claims' }).waitFor({ timeout: CHOOSING_MS });

  // Each reason quotes the posting, and what is no requirement is not marked.
  await page.getByRole('link', { name: 'Pay once', exact: true }).waitFor();
  const marked = (await page.locator('mark').allTextContents()).map((text) => text.toLowerCase());
  assert.ok(marked.includes('kafka') && marked.includes('idempotency'), marked.join());
  assert.ok(!marked.includes('redis'), marked.join());
  await page.getByText('Your CV says “Kafka”. What did you build').waitFor();

  // The link of each question leads to the item at its variant, and back leads to the set.
  const here = page.url();
  const set = await spar.get(`/sets/${here.split('/').at(-1)}`);
  const chosen = set.entries.find((entry) => entry.variant > 0) ?? set.entries[0];
  const link = page.getByRole('link', { name: chosen.title, exact: true });
  await link.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: chosen.title, level: 1 }).waitFor();
  const wanted = chosen.variant > 0 ? String(chosen.variant) : null;
  assert.equal(new URL(page.url()).searchParams.get('variant'), wanted);
  await page.goBack();
  await link.waitFor();

  // An attempt shows; the same set is chosen again by its seed, and another one stands beside it.
  const [first] = set.entries;
  await spar.answer(first.item, 'I would keep a key with each request and answer the second one with the first result, every time it comes.');
  await page.reload();
  await page.getByText(`${set.entries.length} questions, 1 done`).waitFor();
  await page.getByRole('button', { name: 'Choose again' }).press('Enter');
  await page.waitForURL((url) => url.href !== here);
  await page.getByText(`${set.entries.length} questions`).first().waitFor();
  assert.equal((await spar.get('/sets')).data.length, 2);

  // The same job and seed: the same questions for the same reasons.
  const twin = await made(set.job, set.seed);
  assert.deepEqual(twin.entries.map(({ item, reasons }) => [item, reasons]), set.entries.map(({ item, reasons }) => [item, reasons]));
  await fetch(spar.at(`/api/v1/sets/${twin.id}`), { method: 'DELETE' });

  // It leaves as files, and a question has the same id in the package of every set.
  for (const [format, name, begins] of [
    ['PDF', /^spar-set-.*\.pdf$/, '%PDF-'],
    ['Markdown', /^spar-set-.*\.md$/, '# '],
    ['JSON', /^spar-sets-.*\.json$/, '{'],
    ['Anki package', /^spar-set-.*\.apkg$/, 'PK'],
  ]) {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: `${format} of the set`, exact: true }).press('Enter'),
    ]);
    assert.match(download.suggestedFilename(), name);
    const bytes = await readFile(await download.path());
    assert.equal(bytes.subarray(0, begins.length).toString('latin1'), begins, format);
    if (format === 'Anki package') assert.ok(collection(bytes).includes('spar-question.idempotent-payments'));
  }

  // Deleting can be undone.
  await page.getByRole('button', { name: 'Delete this set' }).press('Enter');
  await page.getByRole('heading', { name: 'Question sets' }).waitFor();
  await page.getByRole('button', { name: 'Undo' }).press('Enter');
  assert.equal((await spar.get('/sets')).data.length, 2);
  assert.deepEqual(page.wrong, []);
  await page.context().close();
});

test('a job is kept as it is typed, and two windows do not overwrite each other', async () => {
  const one = await open(browser);
  await one.goto(spar.at('/job?new'));
  await one.getByLabel('Title').fill('Platform engineer');
  await one.getByText('Saved', { exact: true }).waitFor();
  const [job] = (await spar.get('/jobs')).data;
  const two = await open(browser);
  await two.goto(spar.at(`/job?id=${job.id}`));
  await two.getByLabel('Company', { exact: true }).fill('Elsewhere');
  await two.getByText('Saved', { exact: true }).waitFor();
  await one.getByLabel('Title').fill('Another title');
  await one.getByText('Another window or program has changed this job.').waitFor();
  assert.equal((await spar.get(`/jobs/${job.id}`)).job.title, 'Platform engineer');
  await one.getByRole('button', { name: 'Take that' }).click();
  await one.getByText('Another window or program').waitFor({ state: 'hidden' });
  assert.equal(await one.getByLabel('Company', { exact: true }).inputValue(), 'Elsewhere');
  for (const page of [one, two]) await page.context().close();
});

for (const look of LOOKS) {
  test(`axe and widths: ${look.name}`, async () => {
    const [set] = (await spar.get('/sets')).data;
    for (const [name, path] of [['job', `/job?id=${set.job}`], ['sets', '/sets'], ['set', `/sets/${set.id}`]]) {
      const page = await open(browser, look);
      await page.goto(spar.at(path));
      await settled(page);
      await page.screenshot({ path: new URL(`${name}-${look.name}.png`, RESULTS).pathname, fullPage: true });
      const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(beyond <= 0, `${name} at ${look.name} is ${beyond} px too wide`);
      assert.deepEqual(await findings(page), [], `${name} at ${look.name}`);
      assert.deepEqual(page.wrong, [], `${name} at ${look.name}`);
      await page.context().close();
    }
  });
}
