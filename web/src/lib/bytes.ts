// Evidence offsets count UTF-8 bytes; JavaScript strings count UTF-16 units.

/** Converts ascending or unordered byte offsets of `text` into string indexes, in one pass. */
export function indexesOfBytes(text: string, offsets: readonly number[]): number[] {
  const order = offsets.map((_, i) => i).sort((a, b) => offsets[a]! - offsets[b]!);
  const indexes = new Array<number>(offsets.length).fill(text.length);
  let byte = 0;
  let index = 0;
  for (const at of order) {
    while (index < text.length && byte < offsets[at]!) {
      const code = text.codePointAt(index)!;
      byte += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
      index += code < 0x10000 ? 1 : 2;
    }
    indexes[at] = index;
  }
  return indexes;
}
