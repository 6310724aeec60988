// Whole loops in scripted time: three candidates, a kill in the middle, all of it by what the page shows.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { findings } from '../lib/axe.js';
import { launch, LOOKS, open, settled } from '../lib/browser.js';
import { Spar } from '../lib/spar.js';

const RESULTS = new URL('../test-results/', import.meta.url);
/** A start that no test waits for. */
const MORNING = new Date('2026-11-23T09:00:00Z');
const MINUTE_MS = 60_000;
const WORDS_A_MINUTE = 150;
const STEP_MS = 10_000;

let browser;
before(async () => ([browser] = await Promise.all([launch(), mkdir(RESULTS, { recursive: true })])));
after(() => browser?.close());

async function look(page, name) {
  await page.screenshot({ path: new URL(`${name}.png`, RESULTS).pathname, fullPage: true });
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(beyond <= 0, `${name} is ${beyond} px too wide`);
  assert.deepEqual(await findings(page), [], name);
}

/** A page whose clock is the test's; what `open` gives runs in real time. */
async function scripted(more) {
  const page = await open(browser, more);
  await page.clock.install({ time: MORNING });
  return page;
}

async function make(page, spar, preset, level) {
  await page.goto(spar.at('/loops'));
  await page.getByRole('radio', { name: new RegExp(`^${preset}`) }).check();
  await page.getByLabel('Level').selectOption(level);
  await page.getByRole('button', { name: 'Make this loop' }).click();
  await page.waitForURL(/\/loops\/[0-9A-Z]{26}$/);
  await button(page, 'Begin').waitFor();
  return new URL(page.url()).pathname.split('/').at(-1);
}

const button = (page, name) => page.getByRole('button', { name, exact: typeof name === 'string' });
const box = (page) => page.getByRole('textbox', { name: 'Your turn' });

/** What a candidate says to a question and to its change: nothing, the first two fifths of the sample, or all of it. */
const STRONG = { answer: ({ sample }) => sample, change: ({ change }) => change?.sample ?? '' };
const MIDDLING = { answer: ({ sample }) => some(sample), change: () => '' };
const SILENT = { answer: () => '', change: () => '' };

function some(text) {
  const sentences = text.split(/(?<=[.!?])\s+/);
  return sentences.slice(0, Math.ceil(0.4 * sentences.length)).join(' ');
}

async function guidance(spar, id) {
  const loop = await spar.get(`/loops/${id}`);
  const { item, variant } = loop.stages[loop.stage].questions[loop.stages[loop.stage].question];
  return (await spar.get(`/items/${item}?guidance=true&variant=${variant}`)).guidance;
}

/** Lets time pass in steps: an answer of the server takes real time, in which the page's clock would run away. */
async function pass(page, ms) {
  for (let left = ms; left > 0; left -= STEP_MS) {
    await page.clock.runFor(Math.min(left, STEP_MS));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Types, lets the time pass that it takes to say, and hands in. */
async function tell(page, words) {
  await box(page).fill(words);
  await pass(page, (words.split(/\s+/).length / WORDS_A_MINUTE) * MINUTE_MS);
  await button(page, 'Hand in').click();
}

/** Goes through the stage that the page shows, from its beginning to its end. */
async function stage(page, spar, id, who, { begun = false } = {}) {
  if (!begun) await button(page, 'Begin').click();
  const { stage: at } = await spar.get(`/loops/${id}`);
  for (;;) {
    await box(page).waitFor();
    const told = await guidance(spar, id);
    const answer = who.answer(told);
    if (answer === '') {
      // Silent until the interviewer ends it.
      const { limit_ms } = (await spar.get(`/loops/${id}`)).stages[at];
      await pass(page, limit_ms + MINUTE_MS);
    } else {
      await tell(page, answer);
      // Some stages put a change to the question, and not every question has one.
      const may = async () => (await spar.get(`/loops/${id}`)).may;
      await until(async () => !(await may()).includes('say'), 'the answer is handed in');
      const change = (await may()).includes('say_change') ? who.change(told) : '';
      if (change !== '') {
        await page.getByText(', with a change').waitFor();
        await page.getByPlaceholder('What the change does to your answer.').waitFor();
        await tell(page, change);
        await box(page).waitFor({ state: 'detached' });
      }
    }
    const on = button(page, /^(Next question|Finish this stage|Finish the loop)$/);
    await on.waitFor();
    const name = await on.innerText();
    await on.click();
    if (name === 'Next question') continue;
    await until(async () => (await spar.get(`/loops/${id}`)).stage !== at, 'the stage ends');
    return name === 'Finish the loop';
  }
}

async function until(holds, what) {
  for (let tries = 0; !(await holds()); tries++) {
    assert.ok(tries < 100, what);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

test('three candidates, one killed in the middle, three recommendations', { timeout: 600_000 }, async () => {
  const said = {};
  for (const [name, who] of Object.entries({ strong: STRONG, middling: MIDDLING, silent: SILENT })) {
    // A folder each: what was done before moves what is asked.
    const spar = await Spar.start();
    try {
      const page = await scripted();
      // Which questions come is left to chance on the page; here it is told.
      const headers = { 'Content-Type': 'application/json' };
      const body = JSON.stringify({ preset: 'one-hour', level: 'senior', seed: 11 });
      const { id } = await (await fetch(spar.at('/api/v1/loops'), { method: 'POST', headers, body })).json();
      await page.goto(spar.at(`/loops/${id}`));
      let stages = 0;
      let begun = false;
      for (let over = false; !over; stages++) {
        if (name === 'middling' && stages === 3) {
          await killed(page, spar, id);
          begun = true;
        }
        over = await stage(page, spar, id, who, { begun });
        begun = false;
      }
      assert.equal(stages, 6);
      await page.getByText('Hiring scorecard', { exact: true }).waitFor();
      const card = await spar.get(`/loops/${id}/scorecard`);
      said[name] = { card, shown: await page.getByRole('region', { name: 'Recommendation' }).innerText() };
      await look(page, `loop-${name}-1280-light`);
      assert.deepEqual(page.wrong.filter((line) => !/ERR_|Failed to fetch/.test(line)), []);
      await page.context().close();
    } finally {
      await spar.stop();
    }
  }
  const { strong, middling, silent } = said;
  const told = JSON.stringify(Object.values(said).map(({ card }) => [card.result, card.reasons]), null, 1);
  assert.match(strong.shown, /^Strong yes/, told);
  assert.match(middling.shown, /^No\b/, told);
  assert.match(silent.shown, /^Strong no/, told);
  // The reasons say which: what carried it, what is missing, and that nothing was said.
  for (const { card } of Object.values(said)) assert.ok(card.reasons.some((reason) => reason.includes('system design')), told);
  assert.ok(silent.card.reasons.some((reason) => reason.includes('left open')), told);
  assert.equal(strong.card.step, null);
  assert.ok(middling.card.step.needs.length > 0);
});

/** Kills the process in mid-answer: words that were not sent and the clock are there again. */
async function killed(page, spar, id) {
  await button(page, 'Begin').click();
  await box(page).waitFor();
  await page.clock.runFor(20_000);
  await box(page).fill('How many users are there, and how many of them read?');
  await button(page, 'Ask').click();
  await page.getByText('You, asking').waitFor();
  await box(page).fill('Let me write the numbers down first.');
  await page.clock.runFor(15_000);
  await spar.kill();
  await button(page, /^Say/).click();
  await page.getByRole('alert').filter({ hasText: /\S/ }).first().waitFor();
  await spar.up();
  await page.reload();
  await box(page).waitFor();
  assert.equal(await box(page).inputValue(), 'Let me write the numbers down first.');
  assert.match(await page.locator('.clock').innerText(), /0:3[4-9]/);
  await page.getByText('You, asking').waitFor();
  await button(page, /^Say/).click();
  await page.getByText('Let me write the numbers down first.').waitFor();
  assert.equal((await spar.get(`/loops/${id}`)).stages[3].phase, 'running');
}

test('by keyboard alone, paused, gone on with, ended', async () => {
  const spar = await Spar.start();
  try {
    const page = await scripted();
    await page.goto(spar.at('/'));
    await page.getByRole('heading', { level: 1 }).waitFor();
    // The box of today's question has the focus.
    await page.keyboard.press('Escape');
    await page.keyboard.press('g');
    await page.keyboard.press('l');
    await page.getByRole('heading', { name: 'Choose a loop' }).waitFor();
    await page.getByRole('radio', { name: /^One-hour/ }).focus();
    await page.keyboard.press('ArrowDown');
    await page.getByRole('heading', { name: 'Recruiter call' }).waitFor();
    await page.getByLabel('Level').focus();
    await page.keyboard.press('j');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await button(page, 'Begin').focus();
    await page.keyboard.press('Enter');
    await box(page).waitFor();
    // The new stage took the focus; w leads to the box.
    await page.keyboard.press('w');
    await page.keyboard.type('I own the ledger of a payment company. We settle 2 million payouts a month.');
    await page.keyboard.press('Control+Enter');
    await page.getByText('You', { exact: false }).first().waitFor();
    await until(async () => (await box(page).inputValue()) === '', 'what was said leaves the box');
    assert.ok(await box(page).evaluate((it) => it === document.activeElement), 'the focus stays in the box');

    // An answer that is lost on its way: said again, it is heard once.
    const events = '**/loops/*/events';
    await page.route(events, async (route) => (await route.fetch(), route.abort()), { times: 1 });
    await page.keyboard.type('It books twice.');
    await page.keyboard.press('Control+Enter');
    await page.getByText('Spar is not answering.').first().waitFor();
    await page.keyboard.press('End');
    await page.keyboard.type(' On two ledgers.');
    await page.keyboard.press('Control+Enter');
    await page.locator('.transcript').getByText('On two ledgers.').waitFor();
    assert.equal((await page.locator('.transcript').innerText()).split('It books twice.').length, 2);
    await button(page, 'Pause').focus();
    await page.keyboard.press('Enter');
    await page.getByText('The clock stands.').waitFor();
    const clock = await page.locator('.clock').innerText();
    await page.clock.runFor(5 * MINUTE_MS);
    assert.equal(await page.locator('.clock').innerText(), clock);
    await button(page, 'Go on').first().focus();
    await page.keyboard.press('Enter');
    await box(page).waitFor();
    await button(page, 'End the loop').focus();
    await page.keyboard.press('Enter');
    await button(page, 'End it').focus();
    await page.keyboard.press('Enter');
    await page.getByText('Hiring scorecard', { exact: true }).waitFor();
    // Deleted, and undone.
    await page.goto(spar.at('/loops'));
    await button(page, /^Delete/).focus();
    await page.keyboard.press('Enter');
    await button(page, 'Undo').click();
    await page.getByRole('link', { name: 'Recruiter call' }).waitFor();
    assert.deepEqual(page.wrong.filter((line) => !line.includes('ERR_FAILED')), []);
  } finally {
    await spar.stop();
  }
});

test('axe and width on every page of a loop', { timeout: 300_000 }, async () => {
  const spar = await Spar.start();
  try {
    for (const { name, ...shape } of LOOKS) {
      const page = await scripted(shape);
      const id = await make(page, spar, 'System design', 'mid');
      await look(page, `loop-ready-${name}`);
      await button(page, 'Begin').click();
      await box(page).waitFor();
      await page.getByText('Questions you could ask').click();
      await look(page, `loop-asks-${name}`);
      await tell(page, 'I put Redis in front of everything, shard the database and split it into microservices. It scales, and it never fails.');
      await page.getByText(/^Interviewer, /).first().waitFor();
      await page.getByLabel('Show why the interviewer says it').check();
      await look(page, `loop-checked-${name}`);
      await button(page, 'End the loop').click();
      await button(page, 'End it').click();
      await page.getByText('Hiring scorecard', { exact: true }).waitFor();
      for (const part of await page.locator('details > summary').all()) await part.click();
      await look(page, `loop-scorecard-${name}`);
      const moments = (await spar.get(`/loops/${id}`)).stages[0].moments.map((moment) => moment.mistake);
      assert.ok(moments.includes('solution_before_requirements'), JSON.stringify(moments));
      await page.getByText('Solution before requirements').first().waitFor();
      await page.goto(spar.at('/loops'));
      await settled(page);
      await look(page, `loops-${name}`);
      assert.deepEqual(page.wrong, []);
      await page.context().close();
    }
  } finally {
    await spar.stop();
  }
});
