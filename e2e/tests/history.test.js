// Deleting with a change of mind, and taking everything along.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ANSWER, ITEM } from '../lib/answers.js';
import { launch, open } from '../lib/browser.js';
import { Spar } from '../lib/spar.js';

let spar;
let browser;
before(async () => ([spar, browser] = await Promise.all([Spar.start(), launch()])));
after(async () => {
  await browser?.close();
  await spar?.stop();
});

const rows = (page) => page.getByRole('button', { name: /^Delete the attempt/ });

async function confirmDelete(page) {
  await rows(page).first().click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByRole('button', { name: 'Undo' }).waitFor();
}

test('delete, undo, delete for good, export and import', async () => {
  const page = await open(browser);
  await page.goto(spar.at('/history'));
  await page.getByText('Nothing here yet').waitFor();
  for (let i = 0; i < 3; i++) await spar.answer(ITEM, `${ANSWER} Take ${i}.`);
  await page.reload();
  await rows(page).nth(2).waitFor();

  // Keeping and undoing change nothing.
  await rows(page).first().click();
  await page.getByRole('button', { name: 'Keep it' }).click();
  await confirmDelete(page);
  assert.equal(await rows(page).count(), 2);
  await page.getByRole('button', { name: 'Undo' }).click();
  assert.equal(await rows(page).count(), 3);
  assert.equal((await spar.get('/attempts')).data.length, 3);

  // The export holds all three.
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export' }).click();
  const file = join(spar.data, 'export.json');
  await (await downloading).saveAs(file);
  JSON.parse(await readFile(file, 'utf8'));

  // Without a change of mind it is gone after five seconds, for the server too.
  await confirmDelete(page);
  await page.getByRole('button', { name: 'Undo' }).waitFor({ state: 'detached', timeout: 10_000 });
  assert.equal((await spar.get('/attempts')).data.length, 2);

  // Leaving the page right after confirming deletes as well.
  await confirmDelete(page);
  await page.goto('about:blank');
  for (let tries = 0; (await spar.get('/attempts')).data.length > 1 && tries < 50; tries++) await new Promise((r) => setTimeout(r, 100));
  assert.equal((await spar.get('/attempts')).data.length, 1);

  // The file brings the two back and says so.
  await page.goto(spar.at('/history'));
  await page.getByLabel('File to import').setInputFiles(file);
  await page.getByText(/^Imported/).waitFor();
  await rows(page).nth(2).waitFor();
  assert.equal((await spar.get('/attempts')).data.length, 3);

  // What is no export is refused in words.
  const other = join(spar.data, 'other.json');
  await writeFile(other, 'not json');
  await page.getByLabel('File to import').setInputFiles(other);
  await page.getByText(/^Not imported: The file is not JSON/).waitFor();
  assert.deepEqual(page.wrong, []);
});
