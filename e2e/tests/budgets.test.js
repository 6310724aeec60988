// Figures, not gates on time: what the first visit weighs and when it paints. Bytes and shifts are gated.
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { ANSWER, ITEM } from '../lib/answers.js';
import { launch, open, settled } from '../lib/browser.js';
import { Spar } from '../lib/spar.js';

/** Design section 7: the initial bundle is under 150 KB gzip. Ours should stay far below. */
const INITIAL_MAX = 60_000;
const SHIFT_MAX = 0.02;
const RUNS = 5;

let spar;
let browser;
before(async () => ([spar, browser] = await Promise.all([Spar.start(), launch()])));
after(async () => {
  await browser?.close();
  await spar?.stop();
});

/** Bytes of scripts and styles that the first page asks for, compressed as gzip would. */
async function initialBytes() {
  const html = await (await fetch(spar.at('/'))).text();
  const files = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+\.(?:js|css))"/g)].map((m) => m[1]);
  const sizes = await Promise.all(
    files.map(async (file) => gzipSync(Buffer.from(await (await fetch(spar.at(file))).arrayBuffer())).length),
  );
  return sizes.reduce((a, b) => a + b, 0);
}

async function visit(path, selector) {
  const page = await open(browser);
  await page.addInitScript(() => {
    window.shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await page.goto(spar.at(path));
  await page.locator(selector).first().waitFor();
  await settled(page);
  const figures = await page.evaluate(() => ({
    paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null,
    shift: window.shift,
    requests: performance.getEntriesByType('resource').length,
  }));
  assert.deepEqual(page.wrong, []);
  await page.context().close();
  return figures;
}

test('weight, first paint, layout shift', async () => {
  const initial = await initialBytes();
  const attempt = await spar.answer(ITEM, ANSWER);
  const report = { initial_gzip_bytes: initial, pages: {} };
  for (const [path, selector] of [['/', '#answer'], ['/bank', '.item'], [`/attempts/${attempt.id}`, '.groups'], ['/history', 'summary']]) {
    const runs = [];
    for (let i = 0; i < RUNS; i++) runs.push(await visit(path, selector));
    const paints = runs.map((run) => run.paint).sort((a, b) => a - b);
    const name = path.startsWith('/attempts') ? '/attempts/:id' : path;
    report.pages[name] = {
      first_paint_ms: Math.round(paints[RUNS >> 1]),
      shift: Math.max(...runs.map((run) => run.shift)),
      requests: runs[0].requests,
    };
  }
  await mkdir(new URL('../test-results/', import.meta.url), { recursive: true });
  await writeFile(new URL('../test-results/figures.json', import.meta.url), JSON.stringify(report, null, 2));
  console.log(JSON.stringify(report, null, 2));
  assert.ok(initial < INITIAL_MAX, `initial bundle ${initial} bytes gzip`);
  for (const [name, { shift }] of Object.entries(report.pages)) assert.ok(shift < SHIFT_MAX, `${name} shifts by ${shift}`);
});
