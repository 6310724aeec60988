// `node strip.js IN.ts OUT.js`: what the judge runs before a TypeScript program. Built into one file without
// dependencies. Exit 0 and OUT written; or 1 and `main.ts:LINE:COLUMN: message` on standard error; or 2 on
// wrong use.

import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import process from 'node:process';
import { withoutTypes } from './types.js';

const [from, to, ...rest] = process.argv.slice(2);
if (!from || !to || rest.length > 0) {
  console.error('usage: node strip.js IN.ts OUT.js');
  process.exit(2);
}
const result = withoutTypes(readFileSync(from, 'utf8'));
if ('code' in result) {
  writeFileSync(to, result.code);
} else {
  console.error(`${basename(from)}:${result.line}:${result.column}: ${result.message}`);
  process.exitCode = 1;
}
