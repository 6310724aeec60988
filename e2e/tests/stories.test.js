// A story written, checked as it is written, told against the clock, mapped to the questions, deleted and brought back.
import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { findings } from '../lib/axe.js';
import { launch, LOOKS, open, settled } from '../lib/browser.js';
import { Spar } from '../lib/spar.js';

const RESULTS = new URL('../test-results/', import.meta.url);
const INCIDENT = {
  title: 'The payment outage',
  situation: 'On a Friday in March our payment API answered nothing but errors for 35 minutes. About 4,000 customers could not pay.',
  task: 'I was on call and took the lead of the incident.',
  action:
    'Errors had begun with a release ten minutes before, so I rolled it back before I understood it. I posted an update to support every ten minutes. Then I looked for the cause: a migration had taken a lock on the payments table, and all connections of the pool waited for it. I wrote the timeline for the blameless review, added a lock timeout to all migrations and an alert on pool saturation at 70 percent.',
  result: 'The error rate fell from 90 percent to below one at 14:20, and it has not happened again in the 14 months since.',
  lesson: 'I roll back first and understand later.',
  when: '',
  role: '',
  competencies: ['failure-resilience'],
  tags: [],
  figures: [],
  names: ['Acme'],
};

let spar;
let browser;
before(async () => ([spar, browser] = await Promise.all([Spar.start(), launch(), mkdir(RESULTS, { recursive: true })])));
after(async () => {
  await browser?.close();
  await spar?.stop();
});

async function look(page, name) {
  await page.screenshot({ path: new URL(`${name}.png`, RESULTS).pathname, fullPage: true });
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(beyond <= 0, `${name} is ${beyond} px too wide`);
  assert.deepEqual(await findings(page), [], name);
}

async function keep(story) {
  const headers = { 'Content-Type': 'application/json' };
  const response = await fetch(spar.at('/api/v1/stories'), { method: 'POST', headers, body: JSON.stringify(story) });
  assert.equal(response.status, 201, await response.clone().text());
  return response.json();
}

async function until(holds, what) {
  for (let tries = 0; !(await holds()); tries++) {
    assert.ok(tries < 100, what);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

test('written by keyboard, checked as it is written, kept', async () => {
  const page = await open(browser);
  await page.goto(spar.at('/stories'));
  await page.getByText('A story has five parts').waitFor();
  await look(page, 'stories-empty-1280-light');
  await page.getByRole('button', { name: 'New story' }).focus();
  await page.keyboard.press('Enter');
  await page.getByLabel('Title').fill('The slow checkout');
  await page.getByLabel(/^Action/).fill('We read the log and we saw that our report locked a table.');
  await page.getByText('“we” and no action of your own').waitFor();
  await page.getByText(/“We”, “we”, “our”/).waitFor();
  await page.getByLabel(/^Result/).fill('It went much better.');
  await page.getByText('no figure: say how much').waitFor();
  // Put right, the finding goes.
  await page.getByLabel(/^Result/).fill('Timeouts fell from 2 percent to 0.1 percent.');
  await page.getByText('no figure: say how much').waitFor({ state: 'detached' });
  await page.getByText('Saved', { exact: true }).waitFor();
  const { data } = await spar.get('/stories');
  assert.equal(data[0].story.title, 'The slow checkout');
  assert.match(data[0].story.result, /0\.1 percent/);

  // Another window wrote: nothing is overwritten unseen.
  const { id, version, story } = data[0];
  const headers = { 'Content-Type': 'application/json' };
  const body = JSON.stringify({ version, story: { ...story, lesson: 'From another window.' } });
  assert.equal((await fetch(spar.at(`/api/v1/stories/${id}`), { method: 'PUT', headers, body })).status, 200);
  await page.getByLabel(/^Task/).fill('Find out why.');
  await page.getByText('Another window changed this story').waitFor();
  await page.getByRole('button', { name: 'Load it again' }).click();
  await page.waitForFunction(() => document.querySelector('#story-lesson')?.value === 'From another window.');

  // Deleting can be undone.
  await page.getByRole('button', { name: 'Delete the story' }).click();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('link', { name: 'The slow checkout' }).first().waitFor();
  assert.equal((await spar.get('/stories')).data.length, 1);
  assert.deepEqual(page.wrong.filter((line) => !line.includes('409')), []);
});

test('told against the clock, compared, and handed in', async () => {
  const { id } = await keep(INCIDENT);
  const page = await open(browser);
  await page.goto(spar.at(`/stories/${id}`));
  await page.getByRole('button', { name: 'Start the clock' }).click();
  await page.getByLabel('Your telling').fill(`${INCIDENT.situation} ${INCIDENT.task} Um, so I rolled it back before I understood it. ${INCIDENT.result}`);
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('button', { name: 'Compare with the story' }).click();
  await page.getByText(/^Told \d+ of \d+ sentences/).waitFor();
  await page.getByRole('heading', { name: 'Left out' }).waitFor();
  await page.locator('h3:has-text("Left out") + ul li').first().waitFor();
  await look(page, 'story-told-1280-light');
  await page.getByLabel('Hand it in as the answer to').selectOption('production-incident');
  await page.getByRole('button', { name: 'Hand in' }).click();
  await page.waitForURL(/\/attempts\//);
  const { data } = await spar.get('/attempts');
  assert.equal(data[0].item, 'production-incident');
  assert.deepEqual(page.wrong, []);
});

test('the map names the question it answers and those without a story', async () => {
  const page = await open(browser);
  await page.goto(spar.at('/stories'));
  await page.getByText(/^All \d+ questions are graded/).waitFor({ timeout: 180_000 });
  const row = page.getByRole('row', { name: /The worst incident/ });
  assert.match(await row.innerText(), /best/);
  await page.getByRole('heading', { name: 'Questions without a story' }).waitFor();
  const { questions } = await spar.get('/stories/coverage');
  const incident = questions.find((question) => question.item === 'production-incident');
  const disagreement = questions.find((question) => question.item === 'architecture-disagreement');
  assert.ok(incident.best !== null && disagreement.best === null, JSON.stringify([incident, disagreement]));
  assert.deepEqual(page.wrong, []);
});

for (const { name, ...how } of LOOKS) {
  test(`axe and width: ${name}`, async () => {
    const { data } = await spar.get('/stories');
    for (const [path, picture] of [['/stories', 'stories'], [`/stories/${data[0].id}`, 'story']]) {
      const page = await open(browser, how);
      await page.goto(spar.at(path));
      await settled(page);
      await page.evaluate(() => document.querySelectorAll('details').forEach((it) => (it.open = true)));
      await page.waitForTimeout(700);
      await look(page, `${picture}-${name}`);
      assert.deepEqual(page.wrong, []);
      await page.context().close();
    }
  });
}

test('paper shows the story without its names', async () => {
  const { id } = await keep({ ...INCIDENT, title: 'Acme pays', situation: `${INCIDENT.situation} ACME is a shop.` });
  const page = await open(browser);
  await page.goto(spar.at(`/stories/${id}`));
  await settled(page);
  await page.emulateMedia({ media: 'print' });
  const printed = await page.locator('body').innerText();
  assert.ok(printed.includes('[name] pays') && printed.includes('[name] is a shop'), printed);
  assert.ok(!/acme/i.test(printed), printed);
  await until(async () => (await spar.get(`/stories/${id}?hide_names=true`)).story.title === '[name] pays', 'hidden by the server too');
  // A file holds what stands there, not what was kept last.
  await page.emulateMedia({ media: 'screen' });
  await page.locator('#story-lesson').fill('I tell ACME before I change a table.');
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Markdown of the story' }).click();
  const download = await downloading;
  assert.equal(download.suggestedFilename(), 'spar-story-name-pays.md');
  const text = await readFile(await download.path(), 'utf8');
  assert.ok(text.includes('name\\] before I change a table.') && !/acme/i.test(text), text);
  await page.getByText('Saved the story as Markdown.').waitFor();
});
