// The page of a program, by what a person sees of it.
import { settled } from './browser.js';

/** An attempt ends within 30 s; on a loaded machine it may first wait for a place. */
const GRADED_MS = 120_000;

export const editor = (page, name = /^Your program in/) => page.getByRole('textbox', { name });
export const button = (page, name) => page.getByRole('button', { name });

export async function visit(page, spar, item) {
  await page.goto(spar.at(`/items/${item}`));
  await settled(page);
  await editor(page).waitFor();
}

/** Replaces what the editor shows as a person would: all of it selected and written over. */
export async function write(page, text, name = undefined) {
  await editor(page, name).focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(text);
}

/** Runs, and gives the headline of what came. */
export async function run(page, name) {
  await button(page, name).click();
  const headline = page.locator('.results h3');
  await headline.waitFor();
  return headline.textContent();
}

/** Hands in and waits for the scorecard; gives its verdict. */
export async function submit(page) {
  await button(page, /^Submit/).click();
  return verdict(page);
}

export async function verdict(page) {
  await page.waitForURL(/\/attempts\/[0-9A-Z]{26}$/);
  const word = page.getByRole('region', { name: 'Result' }).locator('.word');
  await word.waitFor({ timeout: GRADED_MS });
  return word.textContent();
}

/** Where the focus is, also inside the editor: a tag, or `editor`. */
export function focus(page) {
  return page.evaluate(() => {
    const it = document.activeElement;
    return it?.shadowRoot?.activeElement ? 'editor' : (it?.tagName.toLowerCase() ?? 'nothing');
  });
}
