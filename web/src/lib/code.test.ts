import { describe, expect, test } from 'vitest';
import { duration, places } from './code';

describe('places', () => {
  test('a compiler names line and column', () => {
    expect(places('main.rs:3:5: expected `;`\n', 'main.rs')).toEqual([
      { text: 'main.rs:3:5', line: 3, column: 5 },
      { text: ': expected `;`\n' },
    ]);
  });

  test('a Python traceback names lines only', () => {
    const said = places('  File "main.py", line 12, in get\n    x\nKeyError', 'main.py');
    expect(said).toEqual([
      { text: '  File "' },
      { text: 'main.py", line 12', line: 12 },
      { text: ', in get\n    x\nKeyError' },
    ]);
  });

  test('folders belong to the place, other files do not', () => {
    expect(places('at /app/main.js:7:1 and shim.js:9', 'main.js')).toEqual([
      { text: 'at ' },
      { text: '/app/main.js:7:1', line: 7, column: 1 },
      { text: ' and shim.js:9' },
    ]);
    expect(places('mainXpy:3', 'main.py')).toEqual([{ text: 'mainXpy:3' }]);
  });

  test('nothing said is nothing', () => {
    expect(places('', 'main.go')).toEqual([]);
  });
});

test('durations read as people say them', () => {
  expect([2000, 1500, 500, 120, 1234].map(duration)).toEqual(['2 s', '1.5 s', '0.5 s', '120 ms', '1234 ms']);
});
