// A server with a token asks for it once a tab, and what was on the way waits.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { findings } from '../lib/axe.js';
import { launch, LOOKS, open } from '../lib/browser.js';
import { Spar } from '../lib/spar.js';

const TOKEN = 'a-token-for-the-tests-0123456789';

let spar;
let browser;
before(async () => ([spar, browser] = await Promise.all([Spar.start({ SPAR_TOKEN: TOKEN }), launch()])));
after(async () => {
  await browser?.close();
  await spar?.stop();
});

for (const look of LOOKS) {
  test(`asks for the token: ${look.name}`, async () => {
    const page = await open(browser, look);
    await page.goto(spar.at('/bank'));
    await page.getByRole('heading', { name: 'This Spar wants a token' }).waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.id), 'token');
    assert.deepEqual(await findings(page), []);
    await page.keyboard.type('wrong');
    await page.keyboard.press('Enter');
    await page.getByText('That token was not accepted.').waitFor();
    await page.getByLabel('Token').fill(TOKEN);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Bank' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Bank' }).waitFor();
    assert.deepEqual(page.wrong.filter((line) => !line.includes('401')), []);
    await page.context().close();
  });
}
