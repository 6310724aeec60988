// What is yours leaves, goes and comes back: files of an attempt, an export, the deletion of everything, an import.
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ANSWER, ITEM } from '../lib/answers.js';
import { launch, open } from '../lib/browser.js';
import { Spar } from '../lib/spar.js';

let spar;
let browser;
before(async () => ([spar, browser] = await Promise.all([Spar.start(), launch()])));
after(async () => {
  await browser?.close();
  await spar?.stop();
});

const SECRET = 'quagga-of-the-night-shift';

async function saved(page, act) {
  const downloading = page.waitForEvent('download');
  await act();
  const download = await downloading;
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

/** How many files in the data folder hold the words. */
async function traces() {
  const names = (await readdir(spar.data)).filter((name) => name.includes('spar'));
  const files = await Promise.all(names.map((name) => readFile(join(spar.data, name))));
  return files.filter((bytes) => bytes.includes(SECRET)).length;
}

/** Presses Tab until the focus is on the named element; fails when a round of the page does not reach it. */
async function tabTo(page, name) {
  for (let i = 0; i < 80; i++) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => document.activeElement?.textContent?.replace(/\s+/g, ' ').trim());
    if (focused === name) return;
  }
  assert.fail(`no way by Tab to “${name}”`);
}

test('an attempt leaves as PDF and as Markdown, by keyboard', async () => {
  const attempt = await spar.answer(ITEM, `${ANSWER} ${SECRET}`);
  const page = await open(browser);
  await page.goto(spar.at(`/attempts/${attempt.id}`));
  await page.getByText('Save as', { exact: true }).waitFor();
  await tabTo(page, 'PDF of the scorecard');
  const pdf = await saved(page, () => page.keyboard.press('Enter'));
  assert.match(pdf.name, /^spar-scorecard-public-api-rate-limiter-\d{4}-\d\d-\d\d\.pdf$/);
  assert.equal(pdf.bytes.subarray(0, 5).toString(), '%PDF-');
  await page.getByText('Saved the scorecard as PDF.').waitFor();
  await tabTo(page, 'Markdown of the scorecard');
  const text = await saved(page, () => page.keyboard.press('Enter'));
  assert.match(text.name, /\.md$/);
  assert.ok(text.bytes.includes(SECRET) && text.bytes.toString().startsWith(`# ${attempt.title}\n`));
  assert.deepEqual(page.wrong, []);
});

test('everything goes after its word is typed, and an export brings it back', async () => {
  const page = await open(browser);
  // An unsent text, in the browser and on the server.
  await page.goto(spar.at('/items/pagination'));
  await page.getByRole('textbox').first().fill(`Not yet sent. ${SECRET}`);
  await page.waitForResponse((response) => response.url().includes('/drafts/') && response.request().method() === 'PUT');

  await page.goto(spar.at('/history'));
  await page.getByRole('heading', { name: 'Your data' }).waitFor();
  const { bytes } = await saved(page, () => page.getByRole('button', { name: 'Export', exact: true }).click());
  const before = JSON.parse(bytes);
  assert.equal(before.attempts.length, 1);
  assert.equal(before.drafts.length, 1);
  assert.ok((await traces()) > 0);

  await tabTo(page, 'Delete everything…');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Delete everything?' });
  await dialog.waitFor();
  const word = dialog.getByLabel('Type delete everything');
  // Without the word, with another one, and by Escape nothing goes.
  await dialog.getByRole('button', { name: 'Delete everything', exact: true }).click();
  await dialog.getByText('Type “delete everything” first.').waitFor();
  await word.fill('delete');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  assert.equal((await spar.get('/attempts')).data.length, 1);

  await page.getByRole('button', { name: 'Delete everything…' }).click();
  assert.equal(await word.inputValue(), '');
  await word.fill('delete everything');
  await page.keyboard.press('Enter');
  await page.getByText('Nothing here yet').waitFor();
  await page.getByText('Everything is deleted.').waitFor();
  assert.equal(await traces(), 0);
  const kept = await page.evaluate(() => JSON.stringify(localStorage));
  assert.ok(!kept.includes(SECRET), kept);
  // Not shown from memory either, here or elsewhere.
  await page.goto(spar.at('/'));
  await page.locator('h1').first().waitFor();
  assert.ok(!(await page.content()).includes(SECRET));

  await page.goto(spar.at('/history'));
  await page.getByLabel('File to import').setInputFiles({ name: 'spar.json', mimeType: 'application/json', buffer: bytes });
  await page.getByText('Imported 1 attempt and 1 draft.').waitFor();
  await page.getByRole('button', { name: /^Delete the attempt/ }).waitFor();
  const again = await spar.get('/export');
  assert.deepEqual({ ...again, exported_at: '' }, { ...before, exported_at: '' });
  assert.deepEqual(page.wrong, []);
});
