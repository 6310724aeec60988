import { describe, expect, test } from 'vitest';
import { fileName } from './save';

describe('fileName', () => {
  test.each([
    ['attachment; filename="spar-scorecard-pagination-2026-11-22.pdf"', 'spar-scorecard-pagination-2026-11-22.pdf'],
    ['attachment', 'x.pdf'],
    ['attachment; filename="../x"', 'x.pdf'],
    [null, 'x.pdf'],
  ])('%s', (header, name) => {
    expect(fileName(header, 'x.pdf')).toBe(name);
  });
});
