// Geometry of the small line of scores on the history page.

export interface Plot {
  path: string;
  points: { x: number; y: number }[];
}

/** Scores from 0 to 100, evenly spaced, in a box of `width` by `height` with room for the dots. */
export function plot(scores: readonly number[], width: number, height: number, pad = 4): Plot {
  const step = scores.length > 1 ? (width - 2 * pad) / (scores.length - 1) : 0;
  const round = (n: number): number => Math.round(n * 10) / 10;
  const points = scores.map((score, i) => ({
    x: round(scores.length > 1 ? pad + i * step : width / 2),
    y: round(pad + (height - 2 * pad) * (1 - Math.min(100, Math.max(0, score)) / 100)),
  }));
  return { path: points.map(({ x, y }, i) => `${i === 0 ? 'M' : 'L'}${x} ${y}`).join(''), points };
}
