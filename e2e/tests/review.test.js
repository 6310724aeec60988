// Missed facts come up again: graded by keys alone, taken back, suspended; and the pages hold at two widths.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { CHECKED, VAGUE } from '../lib/answers.js';
import { findings } from '../lib/axe.js';
import { launch, LOOKS, open, settled } from '../lib/browser.js';
import { Spar } from '../lib/spar.js';

const RESULTS = new URL('../test-results/', import.meta.url);

let spar;
let browser;
before(async () => ([spar, browser] = await Promise.all([Spar.start(), launch(), mkdir(RESULTS, { recursive: true })])));
after(async () => {
  await browser?.close();
  await spar?.stop();
});

const today = () => {
  const now = new Date();
  return `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, '0')}-${String(now.getDate()).padStart(2, '0')}`;
};
const day = () => spar.get(`/review?date=${today()}`);

async function look(page, name) {
  await page.screenshot({ path: new URL(`${name}.png`, RESULTS).pathname, fullPage: true });
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(beyond <= 0, `${name} is ${beyond} px too wide`);
  assert.deepEqual(await findings(page), [], name);
}

test('without cards the page says where they come from', async () => {
  for (const { name, ...how } of LOOKS) {
    const page = await open(browser, how);
    await page.goto(spar.at('/review'));
    await page.getByText('No cards yet').waitFor();
    await look(page, `review-empty-${name}`);
    assert.deepEqual(page.wrong, []);
    await page.context().close();
  }
});

test('a day of review by keyboard alone', async () => {
  await spar.answer(CHECKED, VAGUE);
  const before = await day();
  assert.ok(before.cards.length >= 4, JSON.stringify(before));
  const page = await open(browser);
  await page.goto(spar.at('/review'));
  await page.getByText(`1 of ${before.cards.length}, about`).waitFor();

  // Space shows the back, a number grades: the next card is there, and the log has the grade.
  await page.keyboard.press('Space');
  await page.getByRole('region', { name: 'The back' }).waitFor();
  await page.keyboard.press('3');
  await page.getByText(`2 of ${before.cards.length}, about`).waitFor();
  const first = before.cards[0].card.id;
  const { schedule } = await spar.get(`/cards/${first}`);
  assert.equal(schedule.reviews, 1);
  assert.equal(schedule.interval_days, before.cards[0].next_days.good);

  // u takes it back: the same card is asked again.
  await page.keyboard.press('u');
  await page.getByText(`1 of ${before.cards.length}, about`).waitFor();
  assert.equal((await spar.get(`/cards/${first}`)).schedule, null);

  // A check is answered by its keys and graded by it; another grade changes it.
  let due = (await day()).cards[0].card;
  for (let tries = 0; due.front.kind !== 'choice'; tries++) {
    assert.ok(tries < 20, 'no card with a choice came up');
    await page.keyboard.press('Space');
    await page.getByRole('region', { name: 'The back' }).waitFor();
    await page.keyboard.press('4');
    await page.getByRole('region', { name: 'The back' }).waitFor({ state: 'detached' });
    due = (await day()).cards[0].card;
  }
  const wrong = due.front.options.findIndex((option) => option !== due.right_answer);
  await page.keyboard.press(String(wrong + 1));
  await page.keyboard.press('Enter');
  await page.getByText('Not so.').waitFor();
  await page.getByText('Your answer counts as “again”').waitFor();
  await look(page, 'review-back-1280-light');
  await page.keyboard.press('2');
  await page.getByRole('region', { name: 'The back' }).waitFor({ state: 'detached' });
  const changed = await spar.get(`/cards/${due.id}`);
  assert.equal(changed.schedule.reviews, 1);
  assert.ok(changed.schedule.due > today(), 'hard is not today again');

  // To the end of the day.
  for (let left = (await day()).cards.length; left > 0; left = (await day()).cards.length) {
    await page.keyboard.press('Space');
    await page.getByRole('region', { name: 'The back' }).waitFor();
    await page.keyboard.press('3');
    await page.getByRole('region', { name: 'The back' }).waitFor({ state: 'detached' });
  }
  await page.getByRole('heading', { name: 'Done for today' }).waitFor();
  await page.getByText(/Tomorrow: \d+ cards? due/).waitFor();
  await look(page, 'review-done-1280-light');
  assert.deepEqual(page.wrong, []);
});

test('cards are found, suspended and noted; the settings say what they cost', async () => {
  await spar.answer('pagination', VAGUE);
  const page = await open(browser);
  await page.goto(spar.at('/review'));
  await settled(page);
  await page.getByText(/^All \d+ cards/).click();
  const search = page.getByLabel('Search');
  await search.fill('offset');
  await page.getByRole('button', { name: /^Suspend/ }).first().waitFor();
  const { data } = await spar.get('/cards?limit=100');
  const total = data.length;
  await search.fill('zzzz nothing');
  await page.getByText('No card has these words.').waitFor();
  await search.fill('');
  await page.getByRole('button', { name: /^Suspend/ }).first().click();
  await page.getByRole('button', { name: /^Ask again/ }).first().waitFor();
  const after = (await spar.get('/cards?limit=100')).data;
  assert.equal(after.length, total);
  assert.equal(after.filter((card) => card.suspended).length, 1);

  await page.getByText('Minutes, new cards and how much to retain').click();
  await page.getByLabel('Still known when it comes up, in %').fill('95');
  await page.getByText('about 2 times as often').waitFor();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Every card is scheduled anew').waitFor();
  assert.equal((await day()).settings.retention, 95);
  assert.deepEqual(page.wrong, []);
});

for (const { name, ...how } of LOOKS) {
  test(`axe and width: ${name}`, async () => {
    const page = await open(browser, how);
    await page.goto(spar.at('/review'));
    await settled(page);
    await look(page, `review-front-${name}`);
    await page.keyboard.press('Space');
    await page.waitForTimeout(200);
    await page.evaluate(() => document.querySelectorAll('details').forEach((it) => (it.open = true)));
    await page.waitForTimeout(400);
    await look(page, `review-open-${name}`);
    assert.deepEqual(page.wrong, []);
    await page.context().close();
  });
}
