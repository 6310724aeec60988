// A spoken answer, from the microphone to the scorecard, with the real model: Chromium's microphone plays a
// recorded answer, its words come into the box, are edited and submitted. And what is said without a model,
// without a microphone, and when the server fails.
import assert from 'node:assert/strict';
import { mkdir, readdir } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ITEM } from '../lib/answers.js';
import { findings } from '../lib/axe.js';
import { launch, open, settled } from '../lib/browser.js';
import { Spar } from '../lib/spar.js';

const RESULTS = new URL('../test-results/', import.meta.url);
const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const MODELS = path('../../models');
/** "The counters live in a shared store, so that all gateways see the same count. A token bucket allows bursts
 * and limits the rate in the long run." */
const SPOKEN = path('../../crates/speech/tests/it/sound/answer.wav');
const EDITED = ' Over the limit the client gets a 429 with Retry-After.';
/** Writing down ten seconds takes about one; a loaded machine gets much more before we call it broken. */
const HEARD_MS = 120_000;

const FAKE = '--use-fake-device-for-media-stream';
const GRANTED = '--use-fake-ui-for-media-stream';

let spar;
before(async () => {
  await mkdir(RESULTS, { recursive: true });
  spar = await Spar.start({ SPAR_SPEECH_MODEL: MODELS });
});
after(() => spar?.stop());

async function speaking(flags, look, run) {
  const browser = await launch(flags);
  try {
    const page = await open(browser, look);
    await page.goto(spar.at(`/items/${ITEM}`));
    await settled(page);
    await run(page, page.getByRole('group', { name: 'Speak your answer' }));
  } finally {
    await browser.close();
  }
}

/** Nothing that axe finds, and nothing wider than the window. */
async function sound(page, name) {
  await page.screenshot({ path: new URL(`${name}.png`, RESULTS).pathname, fullPage: true });
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(beyond <= 0, `${name} is ${beyond} px too wide`);
  assert.deepEqual(await findings(page), [], name);
}

const files = async (folder) => (await readdir(folder, { recursive: true })).toSorted();

for (const look of [{ width: 1280, scheme: 'light' }, { width: 390, scheme: 'dark' }]) {
  const name = `${look.width}-${look.scheme}`;
  test(`spoken, read over, edited, submitted: ${name}`, async () => {
    const before = await files(spar.data);
    await speaking([FAKE, GRANTED, `--use-file-for-fake-audio-capture=${SPOKEN}%noloop`], look, async (page, group) => {
      const box = page.locator('#answer');
      await box.fill('');
      await sound(page, `speech-ready-${name}`);
      await group.getByRole('button', { name: 'Speak' }).focus();
      await page.keyboard.press('Enter');
      await group.getByRole('button', { name: 'Stop speaking' }).waitFor();
      await group.getByRole('status').filter({ hasText: /^Listening/ }).waitFor();
      await group.getByRole('meter').waitFor();
      await page.screenshot({ path: new URL(`speech-listening-${name}.png`, RESULTS).pathname });

      // The pause after the answer ends a window: its words come while the microphone is still open.
      await page.waitForFunction(() => /token bucket/i.test(document.querySelector('#answer').value), null, { timeout: HEARD_MS });
      assert.equal(await group.getByRole('button', { name: 'Stop speaking' }).count(), 1);
      await page.keyboard.press('Enter');
      await group.getByText(/\d+ words written down/).waitFor({ timeout: HEARD_MS });
      await group.getByRole('button', { name: 'Speak', exact: true }).waitFor();
      const heard = await box.inputValue();
      for (const words of [/shared store/i, /same count/i, /limits? the rate/i]) assert.match(heard, words);
      await sound(page, `speech-written-${name}`);

      // What was heard is a draft like any other: it is edited before it is handed in.
      await box.focus();
      await page.keyboard.press('Control+End');
      await page.keyboard.type(EDITED);
      await page.keyboard.press('Control+Enter');
      await page.waitForURL(/\/attempts\//);
      const attempt = await spar.get(`/attempts/${new URL(page.url()).pathname.split('/').at(-1)}`);
      assert.equal(attempt.submission.text, heard + EDITED);
      const coverage = attempt.scorecard.groups.find(({ id }) => id === 'coverage');
      const spans = coverage.criteria.flatMap(({ evidence }) => evidence).map(({ text }) => text);
      assert.ok(coverage.score > 0, 'the spoken words earn points');
      assert.ok(spans.some((span) => heard.includes(span)), `evidence from what was said: ${spans}`);
      assert.deepEqual(page.wrong, []);
    });
    // Nothing but the store's own files: no recording was written.
    const added = (await files(spar.data)).filter((file) => !before.includes(file));
    assert.ok(added.every((file) => /sqlite|db|wal|shm/i.test(file)), `${added}`);
  });
}

test('a recording is kept in the page only when asked, and can be had as a file', async () => {
  await speaking([FAKE, GRANTED, `--use-file-for-fake-audio-capture=${SPOKEN}%noloop`], {}, async (page, group) => {
    await group.getByRole('checkbox', { name: /Keep the recording/ }).check();
    await group.getByRole('button', { name: 'Speak' }).click();
    await page.waitForFunction(() => document.querySelector('[role=group] .figures')?.textContent.includes('0:02'));
    await group.getByRole('button', { name: 'Stop speaking' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      group.getByRole('button', { name: 'Download the recording' }).click({ timeout: HEARD_MS }),
    ]);
    assert.match(download.suggestedFilename(), /^answer-.*\.wav$/);
    const chunks = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    assert.equal(bytes.toString('latin1', 0, 4), 'RIFF');
    assert.ok(bytes.length > 44 + 2 * 16_000 * 1.5, `${bytes.length} bytes`);
    await group.getByRole('checkbox', { name: /Keep the recording/ }).uncheck();
    assert.equal(await group.getByRole('button', { name: 'Download the recording' }).count(), 0);
  });
});

test('what could not be written down is said, kept, and written down later', async () => {
  await speaking([FAKE, GRANTED, `--use-file-for-fake-audio-capture=${SPOKEN}%noloop`], {}, async (page, group) => {
    await page.route('**/api/v1/transcriptions', (route) =>
      route.fulfill({ status: 502, contentType: 'application/problem+json', body: JSON.stringify({ status: 502, title: 'x', detail: 'the endpoint is away', code: 'speech_failed' }) }),
    );
    await page.locator('#answer').fill('');
    await group.getByRole('button', { name: 'Speak' }).click();
    await group.getByRole('alert').filter({ hasText: 'the endpoint is away' }).waitFor({ timeout: HEARD_MS });
    await group.getByRole('button', { name: 'Stop speaking' }).click();
    await page.unroute('**/api/v1/transcriptions');
    await group.getByRole('button', { name: 'Write it down now' }).click();
    await page.waitForFunction(() => /shared store/i.test(document.querySelector('#answer').value), null, { timeout: HEARD_MS });
  });
});

test('without a microphone the cure is said and the box stays', async () => {
  await speaking([], {}, async (page, group) => {
    await group.getByRole('button', { name: 'Speak' }).click();
    await group.getByRole('alert').filter({ hasText: /microphone.*try again/i }).waitFor();
    await group.getByRole('button', { name: 'Speak' }).waitFor();
    await page.locator('#answer').fill('Typed instead.');
    assert.deepEqual(page.wrong, []);
  });
});

test('without a model it is offered, and nothing is fetched before somebody agrees', async () => {
  const bare = await Spar.start();
  const browser = await launch();
  try {
    for (const look of [{ width: 1280 }, { width: 390, scheme: 'dark' }]) {
      const page = await open(browser, look);
      const posted = [];
      page.on('request', (request) => request.method() === 'POST' && posted.push(request.url()));
      await page.goto(bare.at(`/items/${ITEM}`));
      await settled(page);
      const group = page.getByRole('group', { name: 'Speak your answer' });
      await group.getByText('Speak instead of typing').click();
      await group.getByText(/Whisper tiny\.en, 71 MB, MIT licence/).waitFor();
      await group.getByRole('button', { name: 'Fetch the speech model' }).waitFor();
      await sound(page, `speech-missing-${look.width}`);
      assert.deepEqual(posted, []);
      assert.deepEqual(page.wrong, []);
    }
    assert.equal((await bare.get('/speech')).state, 'missing');
    const { capabilities } = await bare.get('/health');
    assert.match(capabilities.find(({ name }) => name === 'speech').cure, /spar speech fetch/);
  } finally {
    await browser.close();
    await bare.stop();
  }
});
