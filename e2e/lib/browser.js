// Debian's Chromium under playwright-core, and a page that remembers everything that went wrong on it.
import { chromium } from 'playwright-core';

const EXECUTABLE = process.env.CHROMIUM ?? '/usr/bin/chromium';
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const LOOKS = [1280, 390].flatMap((width) =>
  ['light', 'dark'].map((scheme) => ({ width, scheme, name: `${width}-${scheme}` })),
);

export function launch(more = []) {
  return chromium.launch({ executablePath: EXECUTABLE, args: [...FLAGS, ...more] });
}

export async function open(browser, { width = 1280, scheme = 'light', ...more } = {}) {
  const context = await browser.newContext({
    viewport: { width, height: width < 500 ? 844 : 900 },
    colorScheme: scheme,
    reducedMotion: 'reduce',
    ...more,
  });
  const page = await context.newPage();
  page.wrong = [];
  page.on('pageerror', (error) => page.wrong.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (!['error', 'warning'].includes(message.type())) return;
    const { url } = message.location();
    if (!isExpected(message.text(), url)) page.wrong.push(`${message.type()}: ${message.text()} (${url})`);
  });
  await context.exposeBinding('reportViolation', (_, what) => page.wrong.push(`policy: ${what}`));
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) =>
      window.reportViolation(`${event.violatedDirective} ${event.blockedURI}`),
    );
  });
  return page;
}

/** The contract answers 404 where an item has no draft, and Chromium logs every 404. */
function isExpected(text, url) {
  return text.includes('404') && /\/api\/v1\/drafts\/[a-z0-9-]+(\/[a-z]+)?$/.test(url);
}

/** Waits until the page has its heading and asks for nothing more. */
export async function settled(page) {
  await page.locator('h1').first().waitFor();
  await page.evaluate(async () => {
    await document.fonts.ready;
    for (let seen = -1, now; (now = performance.getEntriesByType('resource').length) !== seen; seen = now) {
      await new Promise((resolve) => setTimeout(resolve, 80));
    }
  });
}

/** What the focus is on, in words: role-ish tag and its text. */
export function focused(page) {
  return page.evaluate(() => {
    const it = document.activeElement;
    return it ? `${it.tagName.toLowerCase()}${it.id ? `#${it.id}` : ''}` : 'nothing';
  });
}
