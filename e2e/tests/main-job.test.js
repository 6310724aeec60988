// The main job by keyboard alone: answer, read the scorecard, be questioned, try again, see the difference.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ANSWER, BETTER, CHECKED, ITEM, VAGUE } from '../lib/answers.js';
import { focused, launch, LOOKS, open } from '../lib/browser.js';
import { Spar } from '../lib/spar.js';

let spar;
let browser;
before(async () => ([spar, browser] = await Promise.all([Spar.start(), launch()])));
after(async () => {
  await browser?.close();
  await spar?.stop();
});

/** One reply, by keys that fit its kind. */
async function reply(page, asked) {
  const options = page.locator('.option input');
  const count = await options.count();
  if (count > 0 && (await options.first().getAttribute('type')) === 'radio') {
    await page.keyboard.press(asked % 2 === 0 ? '2' : 'c');
    await page.keyboard.press('Enter');
  } else if (count > 0) {
    for (let i = 1; i <= count; i++) await page.keyboard.press(String(i));
    await page.keyboard.press('Enter');
  } else {
    // After a reply the cursor is in the field already; on arrival it waits for a key.
    const field = page.locator('form .field');
    const isFigure = (await field.evaluate((it) => it.tagName)) === 'INPUT';
    if (!(await field.evaluate((it) => it === document.activeElement))) await page.keyboard.press('w');
    await page.keyboard.type(isFigure ? '1,200' : 'The limit holds per key, whatever the instance.');
    await page.keyboard.press(isFigure ? 'Enter' : 'Control+Enter');
  }
}

/** Answers whatever the interviewer asks, one key at a time, until there is no more to ask. */
async function beQuestioned(page) {
  let asked = 0;
  for (; asked < 6; asked++) {
    const why = page.getByText(/^Question \d of at most \d/);
    if ((await why.count()) === 0) break;
    const number = await why.textContent();
    await reply(page, asked);
    await page.waitForFunction((before) => !document.body.innerText.includes(before), number.trim());
  }
  return asked;
}

test('a check of every kind, by keys alone', async () => {
  const { id } = await spar.answer(CHECKED, VAGUE);
  const page = await open(browser);
  await page.goto(spar.at(`/attempts/${id}`));
  await page.getByText(/^Question 1 of/).waitFor();
  const kinds = [];
  for (let state = await spar.get(`/attempts/${id}`); state.question; state = await spar.get(`/attempts/${id}`)) {
    const { kind, ask, options } = state.question;
    kinds.push(kind);
    await page.locator('legend').filter({ hasText: ask.split('`')[0].slice(0, 40) }).waitFor();
    // Confirming nothing says what is missing and sends nothing.
    if (kind !== 'number' && kind !== 'probe') {
      await page.keyboard.press('Enter');
      await page.getByRole('alert').filter({ hasText: 'or pass' }).waitFor();
    }
    await reply(page, 0);
    await page.locator('details[open] summary').filter({ hasText: ask.split('`')[0].slice(0, 40) }).waitFor();
    const { asked } = await spar.get(`/attempts/${id}`);
    const { reply: given, verdict } = asked.at(-1);
    if (kind === 'choice') assert.equal(given.choice, 1);
    if (kind === 'pick') assert.deepEqual(given.choices, options.map((_, i) => i));
    if (kind === 'order') assert.deepEqual(given.order, options.map((_, i) => i));
    if (kind === 'number') assert.equal(given.number, 1200);
    const news = await page.locator('[aria-live=polite].unseen').textContent();
    const word = { right: 'Right.', partly: 'Right in part.', wrong: 'Not so.', open: 'Left open.' }[verdict];
    assert.ok(news.startsWith(`${word} Coverage `), news);
  }
  for (const kind of ['choice', 'pick', 'number', 'order']) assert.ok(kinds.includes(kind), `${kind} was asked: ${kinds}`);
  await page.getByRole('heading', { name: 'What the interviewer asked' }).waitFor();
  assert.deepEqual(page.wrong, []);
});

for (const look of LOOKS) {
  test(`answer, questions, another try: ${look.name}`, async () => {
    const page = await open(browser, look);
    await page.goto(spar.at('/'));
    await page.locator('#answer').waitFor();
    assert.equal(await focused(page), 'textarea#answer', 'home opens with the cursor in the box');

    // From home to the bank, by search to the question.
    await page.keyboard.press('Escape');
    await page.keyboard.press('g');
    await page.keyboard.press('b');
    await page.getByRole('heading', { level: 1, name: 'Bank' }).waitFor();
    assert.equal(await focused(page), 'h1');
    await page.keyboard.press('/');
    await page.keyboard.type('rate limiter');
    await page.waitForURL(/q=rate\+limiter/);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/items/${ITEM}`);
    await page.locator('#answer').waitFor();
    assert.equal(await focused(page), 'h1');

    // Answer and hand in.
    await page.keyboard.press('w');
    assert.equal(await focused(page), 'textarea#answer');
    await page.keyboard.insertText(ANSWER);
    await page.keyboard.press('Control+Enter');
    await page.waitForURL('**/attempts/*');
    await page.getByRole('heading', { name: 'Coverage' }).waitFor();
    assert.equal(await focused(page), 'h1');
    const first = new URL(page.url()).pathname.split('/').at(-1);

    // Every quote is one Tab away and lights its words.
    const quote = page.locator('button.quote').first();
    await quote.focus();
    const lit = await page.locator('.cited.lit').allTextContents();
    const said = (await quote.locator('q').textContent()).trim();
    assert.ok(lit.join('').includes(said.slice(0, 20)) || said.includes(lit.join('').trim().slice(0, 20)), `${lit} / ${said}`);
    await page.keyboard.press('Escape');

    const asked = await beQuestioned(page);
    const attempt = await spar.get(`/attempts/${first}`);
    assert.ok(asked > 0, 'the answer leaves something to ask');
    assert.equal(attempt.asked.length, asked);
    assert.equal(attempt.question, null, 'the interviewer is done');
    const bar = await page.locator('.coverage figcaption').textContent();
    const coverage = attempt.scorecard.groups.find((group) => group.id === 'coverage');
    assert.ok(bar.includes(String(Math.round(coverage.score * 10) / 10)), `${bar} shows ${coverage.score}`);

    // Try again beside the old text.
    await page.keyboard.press('t');
    await page.waitForURL(`**/items/${ITEM}?previous=${first}`);
    await page.getByRole('heading', { name: 'Your last answer' }).waitFor();
    await page.keyboard.press('w');
    await page.keyboard.insertText(BETTER);
    await page.keyboard.press('Control+Enter');
    await page.waitForURL((url) => url.pathname.startsWith('/attempts/') && !url.pathname.endsWith(first));
    await page.getByRole('heading', { name: /against your last attempt/ }).waitFor();
    await page.getByRole('button', { name: 'Difference' }).focus();
    await page.keyboard.press('Enter');
    assert.match(await page.locator('ins').last().textContent(), /The counters live in Redis/);
    assert.equal(await page.locator('del').count(), 0);

    // Study notes, then history.
    await page.keyboard.press('Escape');
    await page.keyboard.press('s');
    await page.getByRole('heading', { name: 'Sample answer' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('y');
    await page.getByRole('heading', { level: 1, name: 'History' }).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/attempts/*');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'By keyboard' }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('g');
    await page.keyboard.press('h');
    await page.locator('#answer').waitFor();
    assert.equal(await focused(page), 'textarea#answer');

    assert.deepEqual(page.wrong, []);
    await page.context().close();
  });
}
