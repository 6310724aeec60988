// The plan: made in one step, ticked by key, and made anew from what was missed.
import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { VAGUE } from '../lib/answers.js';
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

/** The browser's date so many days from now; attempts keep the server's time. */
function inDays(days) {
  const date = new Date();
  date.setDate(date.getDate() + days);
  date.setHours(12, 0, 0, 0);
  return date;
}

const iso = (date) =>
  `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`;

async function planPage(look, days = 0, path = '/plan') {
  const page = await open(browser, look);
  await page.clock.setFixedTime(inDays(days));
  await page.goto(spar.at(path));
  await settled(page);
  return page;
}

/** What today's list says, one entry an activity. */
function list(page) {
  return page.locator('[data-activity]').evaluateAll((rows) =>
    rows.map((row) => ({
      id: row.dataset.activity,
      done: row.querySelector('input').checked,
      minutes: Number.parseInt(row.querySelector('.minutes').textContent, 10),
      text: row.textContent.replace(/\s+/g, ' ').trim(),
    })),
  );
}

test('a plan is made in one step, by keyboard alone', async () => {
  const page = await planPage();
  assert.equal(await page.getByRole('heading', { level: 1 }).textContent(), 'Plan');
  assert.deepEqual(await findings(page), []);
  await page.getByLabel('Interview', { exact: true }).focus();
  await page.getByLabel('Interview', { exact: true }).fill(iso(inDays(56)));
  await page.getByLabel('Minutes a day', { exact: true }).focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('45');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Today' }).waitFor();
  const today = await list(page);
  const minutes = today.reduce((sum, it) => sum + it.minutes, 0);
  assert.ok(today.length > 1 && minutes > 30 && minutes <= 45, `${today.length} activities, ${minutes} minutes`);
  assert.ok(today.every((it) => !it.done));
  assert.deepEqual(page.wrong, []);
  await page.context().close();
});

test('x ticks what has the focus, and a tick is kept', async () => {
  const page = await planPage();
  const before = await list(page);
  // The page begins at its heading: j goes to the first of the list.
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.locator(`[data-activity="${before[0].id}"] input:checked`).waitFor();
  await page.reload();
  await settled(page);
  const after = await list(page);
  assert.deepEqual(after.map((it) => [it.id, it.done]), before.map((it, at) => [it.id, at === 0]));
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.locator(`[data-activity="${before[0].id}"] input:not(:checked)`).waitFor();
  // A tick that is lost on its way is taken back.
  await page.route('**/api/v1/plan/done', (route) => route.abort(), { times: 1 });
  await page.locator(`[data-activity="${before[0].id}"] input`).click();
  await page.getByText('Spar is not answering.').first().waitFor();
  await page.locator(`[data-activity="${before[0].id}"] input:not(:checked)`).waitFor();
  assert.deepEqual(page.wrong.filter((line) => !line.includes('ERR_FAILED')), []);
  await page.context().close();
});

test('an answer that misses what it needs counts today and comes back in two days, with its reason', async () => {
  const page = await planPage();
  const today = await list(page);
  const item = 'pagination';
  const attempt = await spar.answer(item, VAGUE);
  await page.reload();
  await settled(page);
  const now = await list(page);
  const others = (it) => it.id !== `practise.${item}`;
  assert.deepEqual(now.filter(others), today.filter(others), 'today stays as it is');
  assert.ok(now.find((it) => it.id === `practise.${item}`).done, 'the attempt counts by itself');
  await page.context().close();

  const tomorrow = await planPage({}, 1);
  assert.ok(!(await list(tomorrow)).some((it) => it.id === `retry.${item}`), 'not before it is due');
  await tomorrow.context().close();

  // Nobody practises in between: the pause is told, and no list is longer for it.
  let found;
  for (const days of [2, 3, 4]) {
    const later = await planPage({}, days);
    const then = await list(later);
    assert.ok(then.reduce((sum, it) => sum + it.minutes, 0) <= 45);
    found = then.find((it) => it.id === `retry.${item}`);
    if (found) {
      assert.match(found.text, /(was missed|was said wrongly) on/);
      const link = later.locator(`[data-activity="retry.${item}"] a[href="/attempts/${attempt.id}"]`);
      assert.equal(await link.count(), 1, 'the reason links to its attempt');
      assert.match(await later.locator('main').textContent(), /passed without practice/);
      await later.context().close();
      break;
    }
    await later.context().close();
  }
  assert.ok(found, 'the item came back');
});

test('the home page shows the same list', async () => {
  const page = await planPage({}, 0, '/');
  const { day } = await spar.get(`/plan/today?date=${iso(inDays(0))}`);
  assert.deepEqual((await list(page)).map((it) => it.id), day.activities.map((it) => it.id));
  const next = day.activities.find((it) => it.item && !it.done && it.kind !== 'read');
  // A day of work away from Spar leaves the question of the day.
  if (next) assert.equal(await page.locator('h1').textContent(), next.title);
  await page.context().close();
});

test('shares that make no whole are refused where they stand, and the defaults come back', async () => {
  const page = await planPage();
  await page.getByText('Settings', { exact: true }).click();
  await page.getByText('Adjust', { exact: true }).click();
  const coding = page.getByLabel('Coding, %').first();
  const value = await coding.inputValue();
  await coding.fill('10');
  await page.getByRole('button', { name: 'Save the plan' }).click();
  await page.getByText(/add up to 50 %, not 100/).waitFor();
  await page.getByRole('button', { name: 'Back to the defaults' }).click();
  assert.equal(await coding.inputValue(), value);
  await page.getByRole('button', { name: 'Save the plan' }).click();
  await page.getByText('The plan is saved.').waitFor({ state: 'attached' });
  await page.context().close();
});

test('the calendar names each day once and keeps the names', async () => {
  const fetched = async () => (await fetch(spar.at(`/api/v1/plan.ics?date=${iso(inDays(0))}`))).text();
  const uids = (text) => [...text.matchAll(/^UID:(.*)$/gm)].map((found) => found[1].trim());
  const first = await fetched();
  assert.match(first, /^BEGIN:VCALENDAR\r\n/);
  assert.equal(uids(first).length, new Set(uids(first)).size);
  assert.ok(uids(first).length > 40, `${uids(first).length} events`);
  assert.deepEqual(uids(await fetched()), uids(first));
  const page = await planPage();
  for (const [name, file, begins] of [['PDF', 'pdf', '%PDF-1.7'], ['Calendar', 'ics', 'BEGIN:VCALENDAR']]) {
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: `${name} of the plan` }).click();
    const download = await downloading;
    assert.match(download.suggestedFilename(), new RegExp(`^spar-plan.*\\.${file}$`));
    assert.ok((await readFile(await download.path(), 'latin1')).startsWith(begins), name);
  }
  await page.context().close();
});

for (const look of LOOKS) {
  test(`axe, widths and policy: ${look.name}`, async () => {
    for (const [name, days] of [['plan', 0], ['plan-later', 4], ['plan-light', 55]]) {
      const page = await planPage(look, days);
      await page.evaluate(() => document.querySelectorAll('details').forEach((details) => (details.open = true)));
      await page.waitForTimeout(150);
      await page.screenshot({ path: new URL(`${name}-${look.name}.png`, RESULTS).pathname, fullPage: true });
      const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(beyond <= 0, `${name} is ${beyond} px too wide`);
      assert.deepEqual(await findings(page), [], name);
      assert.deepEqual(page.wrong, [], name);
      await page.context().close();
    }
  });
}
