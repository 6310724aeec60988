import { expect, test } from 'vitest';
import { toPcm, wav } from './wav';
import { Windows } from './windows';

const RATE = 16_000;
const PART = 1024;

/** Windows that come of stretches of sound: seconds and level; then what is left. */
function cut(stretches: [number, number][]): { windows: number[]; rest: number | null } {
  const windows = new Windows(RATE);
  const found: number[] = [];
  for (const [seconds, level] of stretches) {
    for (let i = 0; i < (seconds * RATE) / PART; i += 1) {
      const window = windows.push(Float32Array.from({ length: PART }, (_, k) => (k % 2 ? level : -level)));
      if (window) found.push(window.length / RATE);
    }
  }
  const rest = windows.rest();
  return { windows: found, rest: rest && rest.length / RATE };
}

test('a pause ends a window, and silence makes none', () => {
  const { windows, rest } = cut([[2, 0.0005], [4, 0.1], [2, 0.0005], [3, 0.1], [5, 0.0005]]);
  expect(windows).toHaveLength(2);
  expect(windows[0]).toBeGreaterThan(4.5);
  expect(windows[0]).toBeLessThan(5.5);
  expect(rest).toBeNull();
  expect(cut([[60, 0.0005]])).toEqual({ windows: [], rest: null });
});

test('a few words wait for more, and come at the end', () => {
  const { windows, rest } = cut([[1, 0.0005], [0.6, 0.1], [0.8, 0.0005]]);
  expect(windows).toEqual([]);
  expect(rest).toBeGreaterThan(1);
});

test('speech without a pause is cut where it is quietest, and nothing is lost', () => {
  const { windows, rest } = cut([[1, 0.001], [25, 0.1], [0.2, 0.02], [14, 0.1]]);
  expect(windows).toHaveLength(1);
  expect(windows[0]).toBeGreaterThan(25);
  expect(windows[0]).toBeLessThan(26.2);
  expect(windows[0]! + rest!).toBeGreaterThan(39.2);
});

test('samples become a WAV file that starts as one and clips', async () => {
  const bytes = new DataView(await wav([toPcm(Float32Array.of(0, 1, -2))], RATE).arrayBuffer());
  expect(bytes.byteLength).toBe(50);
  expect(bytes.getUint32(24, true)).toBe(RATE);
  expect(bytes.getUint32(40, true)).toBe(6);
  expect([44, 46, 48].map((at) => bytes.getInt16(at, true))).toEqual([0, 32767, -32767]);
});
