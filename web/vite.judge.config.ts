import { readFileSync } from 'node:fs';
import { defineConfig } from 'vite';

/** Whose work the file carries; their licences travel with it. */
const carried = ['sucrase', 'lines-and-columns'];
const licences = carried.map((name) => readFileSync(`node_modules/${name}/LICENSE`, 'utf8').trim());

// The judge runs the result with Node inside the sandbox, where there are no packages: one file, nothing beside it.
export default defineConfig({
  publicDir: false,
  ssr: { noExternal: true },
  build: {
    ssr: 'judge/strip.js',
    outDir: 'dist-judge',
    target: 'node18',
    minify: true,
    rolldownOptions: {
      output: {
        format: 'cjs',
        entryFileNames: 'strip.js',
        codeSplitting: false,
        postBanner: `/*! ${carried.map((name, at) => `${name}: ${licences[at]}`).join('\n\n')} */`,
      },
    },
  },
});
