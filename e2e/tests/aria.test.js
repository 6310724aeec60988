// What a screen reader is told, as goldens. UPDATE_GOLDENS=1 writes them anew; review the change.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { ITEM } from '../lib/answers.js';
import { launch, open, settled } from '../lib/browser.js';
import { Spar } from '../lib/spar.js';

let spar;
let browser;
let page;
before(async () => {
  [spar, browser] = await Promise.all([Spar.start(), launch()]);
  page = await open(browser);
});
after(async () => {
  await browser?.close();
  await spar?.stop();
});

/** Numbers and the values in menus follow the bank; the shape must not. */
function shape(snapshot) {
  const lines = snapshot.split('\n').filter((line) => !/^\s*- option /.test(line));
  return `${lines.map((line) => line.replace(/\d+/g, '#')).join('\n')}\n`;
}

const CASES = [
  { name: 'header', path: '/bank', part: 'header.site' },
  { name: 'bank-filters', path: '/bank', part: 'search' },
  { name: 'answer-form', path: `/items/${ITEM}`, part: 'form[aria-label=Answer]', until: '[aria-label="Speak your answer"]' },
  { name: 'history-empty', path: '/history', part: 'main .page > section:has(h2:text("Your data"))' },
  { name: 'missing', path: '/nowhere', part: 'main' },
  { name: 'help', path: '/bank', part: 'dialog[open]', key: '?' },
];

for (const { name, path, part, key, until } of CASES) {
  test(`accessibility tree: ${name}`, async () => {
    await page.goto(spar.at(path));
    await settled(page);
    if (until) await page.locator(until).waitFor();
    if (key) await page.keyboard.press(key);
    const now = shape(await page.locator(part).ariaSnapshot());
    const golden = new URL(`../goldens/${name}.yml`, import.meta.url);
    if (process.env.UPDATE_GOLDENS) await writeFile(golden, now);
    assert.ok(existsSync(golden), `${golden.pathname} is missing: run with UPDATE_GOLDENS=1`);
    assert.equal(now, await readFile(golden, 'utf8'));
  });
}
