// Mistake: reads all of the input before it looks at the first line.
"use strict";

const fs = require("node:fs");

const LATENESS_MS = 5000;
const WINDOW_MS = 60000;
const LINE = /^([0-9]{1,15}) ([A-Za-z0-9_-]{1,40}) (\/[!-~]{0,199}) ([1-5][0-9]{2}) ([0-9]{1,9})$/;

/** Open windows by start: the requests seen, and the durations and errors of each route. */
const windows = new Map();
let newest = 0;
let lines = 0;
let counted = 0;
let duplicate = 0;
let late = 0;
let malformed = 0;
let output = [];

function percentile(sorted, percent) {
  // Nearest rank in whole numbers: ceil(p * n / 100), counted from 1.
  return sorted[Math.floor((percent * sorted.length + 99) / 100) - 1];
}

function printWindow(start) {
  const { routes } = windows.get(start);
  windows.delete(start);
  // Routes are ASCII, where the default order is that of the bytes.
  for (const route of [...routes.keys()].sort()) {
    const { durations, errors } = routes.get(route);
    durations.sort((a, b) => a - b);
    const [p50, p95, p99] = [50, 95, 99].map((p) => percentile(durations, p));
    output.push(`${start} ${route} count=${durations.length} errors=${errors} p50=${p50} p95=${p95} p99=${p99}\n`);
  }
  if (output.length > 1000) {
    process.stdout.write(output.join(""));
    output = [];
  }
}

function readLine(line) {
  if (line === "") return;
  lines += 1;
  const match = LINE.exec(line);
  if (match === null) {
    malformed += 1;
    return;
  }
  const time = Number(match[1]);
  if (time < newest - LATENESS_MS) {
    late += 1;
    return;
  }
  const start = time - (time % WINDOW_MS);
  let window = windows.get(start);
  if (window === undefined) {
    // A duplicate has the time of its original and so its window: the set goes when the window goes.
    window = { seen: new Set(), routes: new Map() };
    windows.set(start, window);
  }
  const key = `${time} ${match[2]}`;
  if (window.seen.has(key)) {
    duplicate += 1;
    return;
  }
  window.seen.add(key);
  counted += 1;
  let row = window.routes.get(match[3]);
  if (row === undefined) {
    row = { durations: [], errors: 0 };
    window.routes.set(match[3], row);
  }
  row.durations.push(Number(match[5]));
  if (match[4] >= "500") row.errors += 1;
  if (time > newest) {
    newest = time;
    closeWindows(newest - LATENESS_MS);
  }
}

function closeWindows(horizon) {
  // At most a few are open, since the lateness is shorter than a window.
  const closed = [...windows.keys()].filter((start) => start + WINDOW_MS <= horizon);
  for (const start of closed.sort((a, b) => a - b)) printWindow(start);
}

function main() {
  const all = fs.readFileSync(0).toString("latin1").split("\n");
  const rest = all.pop();
  for (const line of all) readLine(line.replace(/\r$/, ""));
  if (rest.length > 0) {
    lines += 1;
    malformed += 1;
  }
  for (const start of [...windows.keys()].sort((a, b) => a - b)) printWindow(start);
  output.push(`end lines=${lines} counted=${counted} duplicate=${duplicate} late=${late} malformed=${malformed}\n`);
  process.stdout.write(output.join(""));
}

main();
