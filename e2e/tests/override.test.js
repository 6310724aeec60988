// A human disagrees with the grading: by keyboard alone both values are kept, shown and withdrawn again.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { ANSWER, ITEM } from '../lib/answers.js';
import { findings } from '../lib/axe.js';
import { launch, LOOKS, open, settled } from '../lib/browser.js';
import { Spar } from '../lib/spar.js';

const RESULTS = new URL('../test-results/', import.meta.url);
const REASON = 'The second sentence says it, in other words.';

let spar;
let browser;
before(async () => ([spar, browser] = await Promise.all([Spar.start(), launch(), mkdir(RESULTS, { recursive: true })])));
after(async () => {
  await browser?.close();
  await spar?.stop();
});

const coverage = (attempt) => attempt.scorecard.groups.find(({ id }) => id === 'coverage');

/** Nothing that axe finds, and nothing wider than the window. */
async function sound(page, name) {
  await page.screenshot({ path: new URL(`${name}.png`, RESULTS).pathname, fullPage: true });
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(beyond <= 0, `${name} is ${beyond} px too wide`);
  assert.deepEqual(await findings(page), [], name);
}

for (const look of LOOKS) {
  test(`override, both scores, undo: ${look.name}`, async () => {
    const made = await spar.answer(ITEM, ANSWER);
    const missed = coverage(made).criteria.find(({ status, out_of }) => status === 'missed' && out_of > 1);
    const page = await open(browser, look);
    await page.goto(spar.at(`/attempts/${made.id}`));
    await settled(page);
    const row = page.locator(`[id="c-coverage/${missed.id}"]`);
    const disagree = row.locator('summary');
    assert.match(await disagree.textContent(), /^Disagree\? .{10}/, 'a name of its own for each criterion');

    // Sending nothing names what is missing, the value first.
    await disagree.focus();
    await page.keyboard.press('Enter');
    const value = row.getByLabel('It should be');
    await value.waitFor();
    assert.ok(await value.evaluate((it) => it === document.activeElement), 'the cursor is where the value is chosen');
    await sound(page, `override-form-${look.name}`);
    await page.keyboard.press('Control+Enter');
    await row.getByRole('alert').filter({ hasText: 'Choose what it should be' }).waitFor();
    await value.selectOption('met');
    await row.getByRole('button', { name: 'Save' }).focus();
    await page.keyboard.press('Enter');
    await row.getByRole('alert').filter({ hasText: 'Say why' }).waitFor();
    const because = row.getByLabel('Because');
    assert.ok(await because.evaluate((it) => it === document.activeElement));
    assert.equal(await because.getAttribute('aria-invalid'), 'true');
    assert.deepEqual((await spar.get(`/attempts/${made.id}`)).overrides, [], 'nothing was sent yet');

    // Letters are text here, and the interviewer hears nothing of Ctrl-Enter.
    await page.keyboard.type(REASON);
    await page.keyboard.press('Control+Enter');
    await row.getByText('you: met').waitFor();
    const kept = await spar.get(`/attempts/${made.id}`);
    assert.deepEqual(
      kept.overrides.map(({ criterion, graded, by_hand, reason }) => [criterion, graded.status, by_hand.status, reason]),
      [[missed.id, 'missed', 'met', REASON]],
    );
    assert.deepEqual(kept.scorecard, made.scorecard, 'what was graded stays');
    assert.deepEqual(kept.asked, []);
    assert.match((await row.textContent()).replaceAll(/\s+/g, ' '), new RegExp(`Graded: missed · you: met .*because ${REASON}`));
    assert.ok(await disagree.evaluate((it) => it === document.activeElement), 'the focus is back where it began');

    // Both scores in the headline and read out.
    const [graded, by] = [made.scorecard.score, kept.with_overrides.score].map((score) => String(Math.round(score * 10) / 10));
    assert.notEqual(graded, by);
    const result = (await page.locator('section[aria-label=Result]').textContent()).replaceAll(/\s+/g, ' ');
    assert.ok(result.includes(`${graded} of 100`) && /With your overrides: \w+, /.test(result), result);
    assert.ok(result.includes(`${by} of 100. Above is what was graded`), result);
    const news = page.locator('.groups [role=status]');
    assert.equal(await news.textContent(), `Saved. Graded ${graded} of 100, with your overrides ${by}.`);
    await sound(page, `override-saved-${look.name}`);

    // It is there after a reload; the form starts from it; Escape leaves it alone.
    await page.reload();
    await row.getByText('you: met').waitFor();
    await disagree.focus();
    await page.keyboard.press('Enter');
    await because.waitFor();
    assert.equal(await because.inputValue(), REASON);
    assert.equal(await value.inputValue(), 'met');
    await page.keyboard.press('Escape');
    await because.waitFor({ state: 'detached' });
    assert.ok(await disagree.evaluate((it) => it === document.activeElement));

    // Delivery takes a share, exactly.
    const group = page.locator('details').filter({ has: page.getByRole('heading', { name: 'Structure' }) });
    await group.locator('summary').first().focus();
    await page.keyboard.press('Enter');
    const first = group.locator('li').first();
    await first.locator('summary').focus();
    await page.keyboard.press('Enter');
    await first.getByLabel(/in percent/).waitFor();
    await page.keyboard.type('133');
    await first.getByLabel('Because').fill('Read aloud it follows.');
    await page.keyboard.press('Control+Enter');
    await first.getByRole('alert').filter({ hasText: '0 to 100' }).waitFor();
    await first.getByLabel(/in percent/).fill('33 %');
    await page.keyboard.press('Control+Enter');
    await first.getByText('you: partial').waitFor();
    assert.equal((await spar.get(`/attempts/${made.id}`)).overrides[1].share, 33);

    // History names both; then all is withdrawn.
    const history = await open(browser, look);
    await history.goto(spar.at('/history'));
    await history.getByText(/^you \d/).first().waitFor();
    await sound(history, `override-history-${look.name}`);
    assert.deepEqual(history.wrong, []);
    for (const said of [first, row]) {
      await said.getByRole('button', { name: /^Undo/ }).focus();
      await page.keyboard.press('Enter');
      await said.getByText('you:').waitFor({ state: 'detached' });
    }
    assert.equal(await news.textContent(), `Withdrawn. Graded ${graded} of 100, no overrides.`);
    assert.deepEqual(await spar.get(`/attempts/${made.id}`), made);
    assert.deepEqual(page.wrong, []);
    await page.context().close();
    await history.context().close();
  });
}
