// The coach while one writes: off until asked for, beside the text without moving it, and gone when turned off.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { ITEM } from '../lib/answers.js';
import { findings } from '../lib/axe.js';
import { focused, launch, LOOKS, open, settled } from '../lib/browser.js';
import { Spar } from '../lib/spar.js';

const RESULTS = new URL('../test-results/', import.meta.url);
/** Long enough to be past its opening, and on none of the points. */
const BESIDE = `We would sit down with everybody who has a view on it and listen to them for a while. Then I would write
down what we heard, show it around, and ask whether that is what they meant to say. After that we would start.`;
const WRONG = 'Each gateway keeps its own counter in memory, so the limit stays accurate.';

let spar;
let browser;
before(async () => ([spar, browser] = await Promise.all([Spar.start(), launch(), mkdir(RESULTS, { recursive: true })])));
after(async () => {
  await browser?.close();
  await spar?.stop();
});

/** Where the field and the button under it stand. */
function places(page) {
  return page.evaluate(() =>
    ['#answer', 'form[aria-label=Answer] button[type=submit]'].map((it) => {
      const { left, top, width } = document.querySelector(it).getBoundingClientRect();
      return [left, top + window.scrollY, width].map(Math.round);
    }),
  );
}

for (const look of LOOKS) {
  test(`coach, ${look.name}`, async () => {
    const page = await open(browser, look);
    let asked = 0;
    page.on('request', (request) => (asked += request.url().endsWith('/coach') ? 1 : 0));
    await page.goto(spar.at(`/items/${ITEM}`));
    await settled(page);
    const panel = page.getByRole('region', { name: 'Coach' });
    const nudges = panel.getByRole('listitem');

    // Off until it is asked for.
    await page.keyboard.press('w');
    await page.keyboard.insertText('One sentence. ');
    await page.waitForTimeout(900);
    assert.equal(await panel.count(), 0);
    assert.equal(asked, 0);

    // On by keyboard, while writing.
    await page.keyboard.press('Alt+c');
    await panel.getByText('Coach is on, for practice only.').waitFor();
    assert.equal(await page.getByRole('switch', { name: 'Coach' }).isChecked(), true);
    await nudges.first().waitFor();
    assert.equal(await focused(page), 'textarea#answer');
    const before = await places(page);
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText(BESIDE);
    await nudges.nth(1).waitFor();
    assert.deepEqual(await places(page), before, 'nudges move nothing');
    // What came last is read out; what stood there before is not read again.
    await page.waitForFunction(() => {
      const read = document.querySelector('.coach [role=status]').textContent;
      return [...document.querySelectorAll('.coach .says')].some((it) => read.includes(it.textContent));
    });

    // What is wrong comes first, and says on which words it rests.
    await page.keyboard.insertText(` ${WRONG}`);
    await nudges.first().getByText('Is that so?').waitFor();
    await nudges.first().getByText('Why').click();
    assert.equal(await nudges.first().locator('blockquote').textContent(), WRONG.slice(0, -1));
    assert.deepEqual(await findings(page), [], look.name);
    await page.screenshot({ path: new URL(`coach-${look.name}.png`, RESULTS).pathname, fullPage: true });

    // One key dismisses it, for good.
    await page.locator('#answer').focus();
    const wrong = await nudges.first().locator('.says').textContent();
    await page.keyboard.press('Alt+x');
    await page.waitForFunction((text) => ![...document.querySelectorAll('.coach .says')].some((it) => it.textContent === text), wrong);
    assert.equal(await focused(page), 'textarea#answer');
    const sent = asked;
    await page.keyboard.insertText(' And so on.');
    await page.waitForFunction(() => document.querySelectorAll('.coach .says').length === 2);
    await page.waitForTimeout(300);
    assert.ok(asked > sent);
    assert.ok(!(await nudges.locator('.says').allTextContents()).includes(wrong));

    // Remembered; and off leaves nothing, by keyboard as well.
    await page.reload();
    await settled(page);
    await nudges.first().waitFor();
    await panel.getByRole('button', { name: 'Turn off' }).focus();
    await page.keyboard.press('Enter');
    assert.equal(await panel.count(), 0);
    assert.equal(await focused(page), 'textarea#answer');
    const last = asked;
    await page.keyboard.insertText(' More. And more.');
    await page.waitForTimeout(900);
    assert.equal(asked, last);
    assert.equal(await page.getByRole('switch', { name: 'Coach' }).isChecked(), false);
    assert.deepEqual(await findings(page), [], `${look.name}, off`);

    assert.deepEqual(page.wrong, []);
    await page.context().close();
  });
}

test('the coach keeps nothing and makes no attempt', async () => {
  const post = (body) =>
    fetch(spar.at(`/api/v1/items/${ITEM}/coach`), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
  assert.equal((await post({ text: BESIDE })).status, 200);
  assert.equal((await post({ text: BESIDE, loop: 'any' })).status, 409);
  assert.deepEqual((await spar.get('/attempts')).data, []);
});
