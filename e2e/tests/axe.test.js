// axe finds nothing, on any page, at two widths, light and dark; and no page is wider than its window.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { ANSWER, BETTER, ITEM } from '../lib/answers.js';
import { findings } from '../lib/axe.js';
import { launch, LOOKS, open, settled } from '../lib/browser.js';
import { Spar } from '../lib/spar.js';

const RESULTS = new URL('../test-results/', import.meta.url);

let spar;
let browser;
let pages;
before(async () => {
  [spar, browser] = await Promise.all([Spar.start(), launch(), mkdir(RESULTS, { recursive: true })]);
  const one = await spar.answer(ITEM, ANSWER);
  const two = await spar.answer(ITEM, BETTER, one.id);
  const long = await spar.answer('pagination', Array(9).fill(ANSWER).join('\n\n'));
  const press = (...keys) => async (page) => {
    for (const key of keys) await page.keyboard.press(key);
    await page.waitForTimeout(150);
  };
  const click = (name) => async (page) => {
    await page.getByRole('button', { name }).first().click();
    await page.waitForTimeout(150);
  };
  pages = [
    { name: 'home', path: '/' },
    { name: 'bank', path: '/bank' },
    { name: 'bank-filtered', path: '/bank?level=senior&q=a' },
    { name: 'bank-nothing', path: '/bank?q=zzzz' },
    { name: 'item', path: `/items/${ITEM}` },
    { name: 'item-study', path: `/items/${ITEM}`, then: press('s') },
    { name: 'item-timer', path: `/items/${ITEM}`, then: click('Timer') },
    { name: 'item-empty', path: `/items/${ITEM}`, then: press('Control+Enter') },
    { name: 'again', path: `/items/${ITEM}?previous=${one.id}` },
    { name: 'attempt', path: `/attempts/${one.id}` },
    { name: 'attempt-open', path: `/attempts/${one.id}`, then: (page) => page.evaluate(openAll) },
    { name: 'attempt-choice', path: `/attempts/${one.id}`, then: press('1') },
    { name: 'attempt-long', path: `/attempts/${long.id}`, then: (page) => page.locator('button.quote').last().focus() },
    { name: 'attempt-change', path: `/attempts/${two.id}` },
    { name: 'attempt-difference', path: `/attempts/${two.id}`, then: click('Difference') },
    { name: 'attempt-study', path: `/attempts/${one.id}`, then: press('s') },
    { name: 'history', path: '/history' },
    { name: 'history-open', path: '/history', then: (page) => page.evaluate(openAll) },
    { name: 'history-delete', path: '/history', then: click(/^Delete/) },
    { name: 'history-wipe', path: '/history', then: click('Delete everything…') },
    { name: 'help', path: '/bank', then: press('?') },
    { name: 'missing', path: '/nowhere' },
    { name: 'missing-item', path: '/items/nothing-of-the-kind', tolerated: /404/ },
    { name: 'missing-attempt', path: '/attempts/01ARZ3NDEKTSV4RRFFQ69G5FAV', tolerated: /404/ },
  ];
});
after(async () => {
  await browser?.close();
  await spar?.stop();
});

function openAll() {
  for (const details of document.querySelectorAll('details')) details.open = true;
}

for (const look of LOOKS) {
  test(`axe, widths, policy: ${look.name}`, async () => {
    for (const { name, path, then, tolerated } of pages) {
      const page = await open(browser, look);
      await page.goto(spar.at(path));
      await settled(page);
      await then?.(page);
      await page.screenshot({ path: new URL(`${name}-${look.name}.png`, RESULTS).pathname, fullPage: true });
      const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(beyond <= 0, `${name} at ${look.name} is ${beyond} px too wide`);
      assert.deepEqual(await findings(page), [], `${name} at ${look.name}`);
      assert.deepEqual(page.wrong.filter((line) => !tolerated?.test(line)), [], `${name} at ${look.name}`);
      await page.context().close();
    }
  });
}

test('from 320 to 1920 pixels nothing is cut off', async () => {
  for (const width of [320, 390, 600, 768, 999, 1000, 1280, 1920]) {
    const page = await open(browser, { width });
    for (const { name, path } of pages.filter(({ then, name }) => !then && !name.startsWith('missing-'))) {
      await page.goto(spar.at(path));
      await settled(page);
      const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(beyond <= 0, `${name} at ${width} is ${beyond} px too wide`);
    }
    await page.context().close();
  }
});
