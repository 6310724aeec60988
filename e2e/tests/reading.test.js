// A second reader on the page: the grade is there at once, the reading follows, both stand side by side.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { ANSWER, ITEM } from '../lib/answers.js';
import { findings } from '../lib/axe.js';
import { launch, LOOKS, open, settled } from '../lib/browser.js';
import { Endpoint } from '../lib/endpoint.js';
import { Spar } from '../lib/spar.js';

const RESULTS = new URL('../test-results/', import.meta.url);
const WHY = 'It <b>says</b> where they <img src=x onerror=alert(1)> live, **briefly**.';

let endpoint;
let spar;
let browser;
before(async () => {
  await mkdir(RESULTS, { recursive: true });
  endpoint = await Endpoint.start();
  [spar, browser] = await Promise.all([Spar.start(endpoint.env), launch()]);
});
after(async () => {
  await browser?.close();
  await spar?.stop();
  await endpoint?.stop();
});

const coverage = (card) => card.groups.find(({ id }) => id === 'coverage').criteria;
const shown = (score) => String(Math.round(score * 10) / 10);
const spaced = async (locator) => (await locator.textContent()).replaceAll(/\s+/g, ' ').trim();

/** Nothing that axe finds, and nothing wider than the window. */
async function sound(page, name) {
  await page.screenshot({ path: new URL(`${name}.png`, RESULTS).pathname, fullPage: true });
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(beyond <= 0, `${name} is ${beyond} px too wide`);
  assert.deepEqual(await findings(page), [], name);
}

/** A fact that was mentioned with words to quote, and those words. */
function mention(card) {
  for (const { id, status, evidence } of coverage(card)) {
    const span = evidence.find(({ type, text }) => type === 'span' && text.trim().split(/\s+/).length >= 5);
    if (status === 'mentioned' && span) return { id, words: span.text.trim().split(/\s+/).slice(0, 5).join(' ') };
  }
  throw new Error('nothing is mentioned');
}

for (const look of LOOKS) {
  test(`failed, asked again, read: ${look.name}`, async () => {
    // Another text for each look: what the model has read once, it is not asked again.
    const answer = `${ANSWER}\n\nThat was for a page of ${look.width} pixels, ${look.scheme}.`;
    endpoint.answer = () => ({ status: 401 });
    const made = await spar.answer(ITEM, answer);
    const { id: fact, words } = mention(made.scorecard);
    const page = await open(browser, look);
    await page.goto(spar.at(`/attempts/${made.id}`));
    await settled(page);
    const section = page.getByRole('region', { name: 'Second reading' });
    await section.getByText('No second reading').waitFor();
    const failure = await spaced(section);
    assert.match(failure, /401.*The grade stands\. What helps: check the key\./);
    await sound(page, `reading-failed-${look.name}`);

    // Asked again by keyboard: it says who reads and where, and the page stays usable meanwhile.
    let go;
    const gate = new Promise((resolve) => (go = resolve));
    endpoint.answer = async () => {
      await gate;
      return {
        verdicts: [
          { fact, quote: words, why: WHY, verdict: 'made' },
          { fact: 'no-such-fact', quote: words, why: '', verdict: 'made' },
        ],
      };
    };
    const again = section.getByRole('button', { name: 'Ask again' });
    await again.focus();
    await page.keyboard.press('Enter');
    const status = section.getByRole('status');
    await status.getByText('reads your answer a second time').waitFor();
    assert.ok((await spaced(status)).includes(`scripted-model at ${endpoint.origin}`));
    assert.ok(await section.evaluate((it) => it === document.activeElement), 'the focus is not lost with the button');
    await sound(page, `reading-under-way-${look.name}`);

    go();
    await status.getByText('Read a second time by scripted-model').waitFor();
    assert.ok((await spaced(status)).includes(`Your answer was sent to ${endpoint.origin}`));
    const read = await spar.get(`/attempts/${made.id}`);
    assert.deepEqual(read.scorecard, made.scorecard, 'the offline grade stays');
    const merged = read.reading.result.scorecard.score;
    const result = await spaced(page.locator('section[aria-label=Result]'));
    assert.ok(result.includes(`${shown(made.scorecard.score)} of 100`), result);
    assert.match(result, new RegExp(`With the second reading: \\w+, ${shown(merged)} of 100. Above is the offline grade`));
    assert.match(await spaced(section), /1 of its verdicts was dropped: on a fact that nobody asked about/);

    // The verdict stands at its fact; its words are text; its quote lights what it quotes.
    const row = page.locator(`[id="c-coverage/${fact}"]`);
    assert.match(await spaced(row), /Second reader: made, and right · mentioned → met, the mention is confirmed by its words/);
    assert.ok((await spaced(row)).includes(`It says: ${WHY}`), 'markup of a stranger is text');
    const quote = row.getByRole('button', { name: /^Show what it quotes/ });
    await quote.focus();
    const lit = page.locator('.cited.lit');
    await lit.first().waitFor();
    assert.ok((await lit.allTextContents()).join('').includes(words));
    await sound(page, `reading-read-${look.name}`);

    // It is there after a reload, without another request, and History names both scores.
    const requests = endpoint.asked.length;
    await page.reload();
    await status.getByText('Read a second time').waitFor();
    assert.equal(endpoint.asked.length, requests);
    const history = await open(browser, look);
    await history.goto(spar.at('/history'));
    await history.getByText(/^read \d/).first().waitFor();
    await sound(history, `reading-history-${look.name}`);
    assert.deepEqual([...page.wrong, ...history.wrong], []);
    await page.context().close();
    await history.context().close();
  });
}

test('off by default: nothing on the scorecard, a line where the machine is described', async () => {
  const plain = await Spar.start();
  const made = await plain.answer(ITEM, ANSWER);
  assert.equal(made.reading.state, 'off');
  const page = await open(browser);
  await page.goto(plain.at(`/attempts/${made.id}`));
  await settled(page);
  assert.equal(await page.getByText(/second read/i).count(), 0);
  await page.goto(plain.at('/history'));
  await page.getByText('off: no answer leaves this machine').waitFor();
  await page.context().close();
  await plain.stop();
});
