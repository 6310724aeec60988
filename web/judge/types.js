// Takes the types off a TypeScript program. Lines keep their numbers, so that a stack trace of what runs
// points at what was written. `import` and `export` become CommonJS, which the judge's shims load.
// Types are not checked: an interview editor checks them no more than Node does.

import { transform } from 'sucrase';

/**
 * @param {string} source
 * @returns {{ code: string } | { line: number, column: number, message: string }} lines and columns from 1
 */
export function withoutTypes(source) {
  try {
    // Nothing newer than Node 18 needs rewriting; `import()` stays, since a CommonJS file may use it.
    const options = {
      transforms: ['typescript', 'imports'],
      disableESTransforms: true,
      preserveDynamicImport: true,
    };
    return { code: transform(source, options).code };
  } catch (error) {
    return placed(error);
  }
}

/**
 * The parser writes the place after its message; a nesting too deep for its stack has none.
 * @param {unknown} error
 */
function placed(error) {
  const { loc, message } = /** @type {{ loc?: { line: number, column: number }, message?: string }} */ (error);
  const said = error instanceof RangeError ? 'Nested too deeply' : String(message ?? error);
  return {
    line: loc?.line ?? 1,
    column: loc?.column ?? 1,
    message: said.replace(/ \(\d+:\d+\)$/, '').replace(/\s+/g, ' '),
  };
}
