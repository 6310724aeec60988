// Nothing typed is ever lost: not by a reload, not by a killed server, not between sending and acknowledgement.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { ANSWER, ITEM } from '../lib/answers.js';
import { launch, open, settled } from '../lib/browser.js';
import { Spar } from '../lib/spar.js';

let spar;
let browser;
let page;
before(async () => ([spar, browser] = await Promise.all([Spar.start(), launch()])));
beforeEach(async () => {
  await page?.context().close();
  await fetch(spar.at(`/api/v1/drafts/${ITEM}`), { method: 'DELETE' });
  page = await open(browser);
  await page.goto(spar.at(`/items/${ITEM}`));
  await page.locator('#answer').waitFor();
});
after(async () => {
  await browser?.close();
  await spar?.stop();
});

const text = () => page.locator('#answer').inputValue();
const type = async (words) => {
  await page.locator('#answer').focus();
  await page.keyboard.type(words);
};
const saved = () => page.getByText('Saved', { exact: true }).waitFor();

test('a reload in the very moment of typing', async () => {
  await type('Half a sentence that');
  await page.reload();
  await page.locator('#answer').waitFor();
  assert.equal(await text(), 'Half a sentence that');
});

test('another browser goes on with the draft', async () => {
  await type('Begun here, ');
  await saved();
  const other = await open(browser);
  await other.goto(spar.at(`/items/${ITEM}`));
  await other.waitForFunction(() => document.querySelector('#answer')?.value === 'Begun here, ');
  await other.context().close();
});

test('home shows what is unfinished', async () => {
  await type('Begun and left.');
  await saved();
  await page.goto(spar.at('/'));
  await page.locator('#answer').waitFor();
  // Unless it is today's question: then it stands in the box.
  if ((await text()) !== 'Begun and left.') await page.getByRole('heading', { name: 'Unfinished' }).waitFor();
});

test('a server killed in mid-answer', async () => {
  await type('Before the power cut. ');
  await saved();
  await spar.kill();
  await type('After it.');
  await page.getByText('Kept in this browser', { exact: false }).first().waitFor();
  await page.getByText('Spar is not answering').first().waitFor();
  await page.evaluate(() => scrollTo(0, 0));
  await spar.up();
  await saved();
  await page.getByText('Spar is not answering').waitFor({ state: 'detached' });
  assert.equal((await spar.get(`/drafts/${ITEM}`)).text, 'Before the power cut. After it.');
  assert.equal(await text(), 'Before the power cut. After it.');
});

test('an answer handed in to a dead server arrives once when it is back', async () => {
  const before = (await spar.get(`/attempts?item=${ITEM}`)).data.length;
  await type(ANSWER);
  await saved();
  await spar.kill();
  await page.keyboard.press('Control+Enter');
  await page.getByText('handed in when Spar is back', { exact: false }).waitFor();
  assert.equal(await text(), ANSWER);
  await spar.up();
  await page.waitForURL('**/attempts/*', { timeout: 20_000 });
  assert.equal((await spar.get(`/attempts?item=${ITEM}`)).data.length, before + 1);
});

test('an acknowledgement that was lost makes no second attempt, also after a reload', async () => {
  const before = (await spar.get(`/attempts?item=${ITEM}`)).data.length;
  await type(`${ANSWER} Once.`);
  await saved();
  await page.route('**/api/v1/attempts', async (route) => {
    await route.fetch();
    await route.abort();
  });
  await page.keyboard.press('Control+Enter');
  await page.getByText('handed in when Spar is back', { exact: false }).waitFor();
  await page.unroute('**/api/v1/attempts');
  await page.reload();
  // The server has it and dropped its draft, so the page may show an empty box: then nothing is pending.
  await page.locator('#answer').waitFor();
  await settled(page);
  if (await text()) {
    await page.locator('#answer').focus();
    await page.keyboard.press('Control+Enter');
    await page.waitForURL('**/attempts/*');
  }
  assert.equal((await spar.get(`/attempts?item=${ITEM}`)).data.length, before + 1);
});

test('a busy server is asked again, with the same key', async () => {
  const keys = [];
  await page.route('**/api/v1/attempts', async (route) => {
    keys.push(route.request().headers()['idempotency-key']);
    if (keys.length > 1) return route.continue();
    const body = JSON.stringify({ type: '', title: 'Busy', status: 503, detail: 'all slots grade', code: 'grading_busy' });
    return route.fulfill({ status: 503, headers: { 'Retry-After': '1' }, contentType: 'application/problem+json', body });
  });
  await type(`${ANSWER} Busy.`);
  await page.keyboard.press('Control+Enter');
  await page.getByRole('button', { name: 'Busy, waiting…' }).waitFor();
  await page.waitForURL('**/attempts/*');
  assert.equal(keys.length, 2);
  assert.equal(keys[0], keys[1]);
});

test('an answer that is refused stays, with the reason at the box', async () => {
  await page.locator('#answer').focus();
  await page.keyboard.press('Control+Enter');
  await page.getByRole('alert').filter({ hasText: 'empty' }).waitFor();
  const long = 'word '.repeat(14_000);
  await page.locator('#answer').fill(long);
  await page.keyboard.press('Control+Enter');
  await page.getByRole('alert').filter({ hasText: '65536' }).waitFor();
  assert.equal(await page.locator('#answer').getAttribute('aria-invalid'), 'true');
  assert.equal(await text(), long);
});
