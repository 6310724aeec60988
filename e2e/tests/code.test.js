// The code round in the browser: written, run, graded by the real judge, and tried again.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { findings } from '../lib/axe.js';
import { launch, LOOKS, open, settled } from '../lib/browser.js';
import { button, editor, focus, run, submit, verdict, visit, write } from '../lib/desk.js';
import { BROKEN, BROKEN_LINE, CACHE, FORGETFUL, kept, STREAM } from '../lib/programs.js';
import { Spar } from '../lib/spar.js';

const RESULTS = new URL('../test-results/', import.meta.url);

let spar;
let browser;
let page;
before(async () => ([spar, browser] = await Promise.all([Spar.start(), launch(), mkdir(RESULTS, { recursive: true })])));
after(async () => {
  await browser?.close();
  await spar?.stop();
});
beforeEach(async () => (page = await open(browser)));
afterEach(async () => {
  assert.deepEqual(page.wrong, []);
  await page.context().close();
});

test('the bank lists programs by round, and home leads there', async () => {
  await page.goto(spar.at('/'));
  await settled(page);
  await page.getByRole('link', { name: 'All programs' }).click();
  await page.waitForURL(/\/bank\?round=code$/);
  const rows = page.locator('[data-row]');
  await rows.first().waitFor();
  const titles = await rows.count();
  const { data } = await spar.get('/items?limit=100&round=code');
  assert.equal(titles, data.length);
  assert.ok(titles >= 6, `${titles} programs`);
});

test('a right program: examples pass, the groups come in one by one, the scorecard is accepted', async () => {
  await visit(page, spar, STREAM);
  await write(page, await kept(STREAM, 'accepted/reference.py'));
  assert.match(await run(page, 'Run examples'), /^All \d+ examples pass$/);
  // What the page shows until the scorecard is there, as it changes.
  await page.evaluate(() => {
    window.seen = [];
    new MutationObserver(() => {
      const now = document.querySelector('.grading')?.innerText;
      if (now && now !== window.seen.at(-1)) window.seen.push(now);
    }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
  });
  assert.equal(await submit(page), 'Accepted');
  const seen = await page.evaluate(() => window.seen);
  assert.ok(seen.some((text) => /\d+ of \d+/.test(text)), `no progress of a group: ${JSON.stringify(seen)}`);
  const { scorecard } = await spar.get(`/attempts/${page.url().split('/').at(-1)}`);
  for (const { title } of scorecard.groups) await page.getByRole('heading', { name: title, exact: true }).waitFor();
  assert.match(await page.getByRole('region', { name: 'Python, main.py' }).innerText(), /import sys/);
});

test('a wrong program: the failing case with input, expected and got; trying again keeps it', async () => {
  await visit(page, spar, STREAM);
  await write(page, FORGETFUL);
  assert.match(await run(page, 'Run examples'), /^\d+ of \d+ examples pass$/);
  await page.locator('.results .log > summary').first().click();
  assert.match(await page.locator('.results .log').first().innerText(), /read by nobody/);
  assert.equal(await submit(page), 'Wrong answer');
  const shown = page.locator('.criterion dl.case').first();
  assert.deepEqual(await shown.locator('dt').allTextContents(), ['Input', 'Expected', 'Got']);
  const first = page.url();
  await page.keyboard.press('t');
  await page.waitForURL(/\/items\/log-stream\?previous=/);
  await editor(page).waitFor();
  assert.match(await editor(page).textContent(), /read by nobody/);
  await write(page, await kept(STREAM, 'accepted/reference.py'));
  assert.equal(await submit(page), 'Accepted');
  assert.equal(await page.getByRole('link', { name: 'your last attempt' }).getAttribute('href'), new URL(first).pathname);
  await button(page, 'Difference').click();
  assert.match(await page.locator('.source').innerText(), /−\s+removed:\s+print\("read by nobody"/);
});

test('what does not compile: the message leads to the line', async () => {
  await visit(page, spar, CACHE);
  await write(page, BROKEN);
  assert.equal(await run(page, 'Run examples'), 'It did not compile');
  await page.locator('.results pre button').first().click();
  await page.waitForFunction(() => document.activeElement?.shadowRoot);
  const line = await page.evaluate(() => {
    const root = document.activeElement.shadowRoot;
    return root.querySelector('.cm-activeLineGutter')?.textContent;
  });
  assert.equal(line, String(BROKEN_LINE));
  assert.equal(await submit(page), 'It did not compile');
});

test('own tests and own input are run', async () => {
  await visit(page, spar, CACHE);
  await write(page, await kept(CACHE, 'accepted/reference.py'));
  assert.match(await run(page, 'Run my tests'), /^All \d+ tests? pass$/);
  await page.getByRole('tab', { name: 'Your tests' }).click();
  const tests = await editor(page, 'Your tests').innerText();
  await page.getByRole('tab', { name: 'Input' }).click();
  const calls = tests.split('\n').filter((line) => !/^(test|#)/.test(line.trim()));
  await write(page, calls.join('\n'), 'Input for a trial run');
  assert.equal(await run(page, 'Run on my input'), 'It ran');
  assert.deepEqual(await page.locator('.results dt').allTextContents(), ['Input', 'Got']);
});

test('drafts survive a reload, each language has its own, a reset can be undone', async () => {
  await visit(page, spar, 'rate-limiter');
  await write(page, '# mine\n');
  await page.getByLabel('Language').selectOption('javascript');
  await write(page, '// ours\n', /JavaScript/);
  await page.locator('.saved').getByText('Saved', { exact: true }).waitFor();
  await page.reload();
  await editor(page, /JavaScript/).waitFor();
  assert.match(await editor(page).textContent(), /ours/);
  await page.getByLabel('Language').selectOption('python');
  assert.equal(await editor(page, /Python/).textContent(), '# mine');
  await button(page, /^Reset/).click();
  assert.match(await editor(page).textContent(), /class /);
  await button(page, 'Undo').click();
  assert.equal(await editor(page).textContent(), '# mine');
  // Another browser has them from the server.
  await page.locator('.saved').getByText('Saved', { exact: true }).waitFor();
  const other = await open(browser);
  await visit(other, spar, 'rate-limiter');
  await other.waitForFunction(() => document.querySelector('.host')?.shadowRoot?.textContent.includes('mine'));
  await other.context().close();
  await page.goto(spar.at('/'));
  await page.getByText('a program in Python, JavaScript').waitFor();
});

test('by keyboard alone: write, leave the editor, run, hand in', async () => {
  await visit(page, spar, CACHE);
  await page.keyboard.press('w');
  assert.equal(await focus(page), 'editor');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('class LruCache:');
  await page.keyboard.press('Enter');
  // Single keys are letters here, and Tab indents.
  await page.keyboard.type('pass  # gh?');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  assert.equal(await focus(page), 'editor');
  assert.match(await editor(page).innerText(), /^class LruCache:\n {4}pass {2}# gh\?\n/);
  await page.keyboard.press('Escape');
  await page.getByText('Tab leaves the editor now.').waitFor({ state: 'attached' });
  await page.keyboard.press('Tab');
  assert.equal(await focus(page), 'button');
  await page.keyboard.press('w');
  await page.keyboard.press("Control+'");
  await page.locator('.results h3').waitFor();
  await page.keyboard.press('Control+Enter');
  assert.ok(await verdict(page));
});

test('the editor is not fetched before a program is shown', async () => {
  const asked = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await page.goto(spar.at('/'));
  await settled(page);
  await page.waitForTimeout(500);
  assert.ok(asked.some((path) => /\/Item-/.test(path)), 'the page of an item comes early');
  assert.deepEqual(asked.filter((path) => /\/(editor|languages|CodeItem|CodeAttempt)-/.test(path)), []);
});

for (const look of LOOKS) {
  test(`axe, widths, policy: ${look.name}`, async () => {
    const attempt = async (program) => {
      const { id } = await spar.program(STREAM, 'python', program);
      return `/attempts/${id}`;
    };
    const shown = async (page) => {
      await write(page, FORGETFUL);
      await run(page, 'Run examples');
    };
    const open_ = (page) => page.evaluate(() => document.querySelectorAll('details').forEach((it) => (it.open = true)));
    const pages = [
      { name: 'code-item', path: `/items/${STREAM}` },
      { name: 'code-run', path: `/items/${STREAM}`, then: shown },
      { name: 'code-facts', path: `/items/${CACHE}`, then: open_ },
      { name: 'code-wrong', path: await attempt(FORGETFUL) },
      { name: 'code-accepted', path: await attempt(await kept(STREAM, 'accepted/reference.py')), then: open_ },
      { name: 'code-bank', path: '/bank?round=code' },
      { name: 'code-history', path: '/history' },
    ];
    for (const { name, path, then } of pages) {
      const page = await open(browser, look);
      await page.goto(spar.at(path));
      await settled(page);
      await then?.(page);
      await page.screenshot({ path: new URL(`${name}-${look.name}.png`, RESULTS).pathname, fullPage: look.width < 500 });
      const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(beyond <= 0, `${name} is ${beyond} px too wide`);
      assert.deepEqual(await findings(page), [], name);
      assert.deepEqual(page.wrong, [], name);
      await page.context().close();
    }
  });
}
