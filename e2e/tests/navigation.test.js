// Moving about: titles, focus, the way back, links, and keys that can be switched off.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ANSWER, ITEM } from '../lib/answers.js';
import { focused, launch, open, settled } from '../lib/browser.js';
import { Spar } from '../lib/spar.js';

let spar;
let browser;
before(async () => ([spar, browser] = await Promise.all([Spar.start(), launch()])));
after(async () => {
  await browser?.close();
  await spar?.stop();
});

test('the first Tab skips to the content', async () => {
  const page = await open(browser);
  await page.goto(spar.at('/bank'));
  await settled(page);
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Skip to the content');
  await page.keyboard.press('Enter');
  assert.equal(await focused(page), 'main#main');
});

test('titles, focus and the way back', async () => {
  const page = await open(browser);
  await page.goto(spar.at('/bank'));
  await settled(page);
  assert.equal(await page.title(), 'Bank · Spar');
  await page.evaluate(() => scrollTo(0, 600));
  const row = page.locator('[data-row]').nth(14);
  const title = await row.textContent();
  await row.click();
  await page.getByRole('heading', { level: 1, name: title }).waitFor();
  assert.equal(await page.title(), `${title} · Spar`);
  assert.equal(await focused(page), 'h1');
  assert.equal(await page.evaluate(() => scrollY), 0);
  await page.goBack();
  await page.getByRole('heading', { level: 1, name: 'Bank' }).waitFor();
  await page.waitForFunction(() => scrollY === 600);
  assert.deepEqual(page.wrong, []);
});

test('filters live in the address', async () => {
  const page = await open(browser);
  await page.goto(spar.at('/bank'));
  await settled(page);
  const all = await page.locator('.item').count();
  await page.getByLabel('Level').selectOption('senior');
  await page.getByLabel('Kind').selectOption('technical');
  await page.waitForURL(/\?kind=technical&level=senior$/);
  const some = await page.locator('.item').count();
  assert.ok(some > 0 && some < all, `${some} of ${all}`);
  await page.reload();
  await settled(page);
  assert.equal(await page.locator('.item').count(), some);
  await spar.answer(ITEM, ANSWER);
  await page.goto(spar.at('/bank?done=false'));
  await settled(page);
  assert.equal(await page.locator('.item').count(), all - 1);
  // Words that stand only in the prompt are found by the server.
  const { prompt } = await spar.get('/items/pagination');
  await page.goto(spar.at(`/bank?q=${encodeURIComponent(prompt.split(' ').slice(0, 4).join(' '))}`));
  await page.locator('[data-row][href="/items/pagination"]').waitFor();
});

test('single keys can be switched off and stay off', async () => {
  const page = await open(browser);
  await page.goto(spar.at('/bank'));
  await settled(page);
  await page.keyboard.press('?');
  await page.getByRole('checkbox', { name: /Single keys act/ }).uncheck();
  await page.keyboard.press('Escape');
  await page.reload();
  await settled(page);
  await page.keyboard.press('g');
  await page.keyboard.press('y');
  await page.keyboard.press('?');
  assert.equal(new URL(page.url()).pathname, '/bank');
  assert.equal(await page.getByRole('dialog').count(), 0);
});

test('the timer is off, remembers that it was turned on, pauses, and its time is kept', async () => {
  const page = await open(browser);
  await page.goto(spar.at(`/items/${ITEM}`));
  await settled(page);
  await page.getByRole('button', { name: 'Timer', exact: true }).click();
  await page.locator('#answer').fill(ANSWER);
  await page.waitForFunction(() => /0:0[2-9]/.test(document.querySelector('.timer').textContent));
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByText('Saved', { exact: true }).waitFor();
  await page.reload();
  await settled(page);
  assert.match(await page.locator('.timer').textContent(), /0:0[2-9]/);
  await page.locator('#answer').focus();
  await page.keyboard.press('Control+Enter');
  await page.waitForURL('**/attempts/*');
  await page.getByText(/answered in 0:0\d/).waitFor();
  const { elapsed_ms } = await spar.get(`/attempts/${new URL(page.url()).pathname.split('/').at(-1)}`);
  assert.ok(elapsed_ms >= 2_000 && elapsed_ms < 20_000, `${elapsed_ms}`);
});
