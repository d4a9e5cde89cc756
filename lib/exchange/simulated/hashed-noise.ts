// Jest looks globals up slowly; by a name of its own this stays fast there too.
const { imul } = Math;

/** A 32-bit hash of two numbers: the finaliser of MurmurHash3 (Austin Appleby, public domain) over their mix. */
export function hash32(key: number, index: number): number {
  let h = imul(key ^ imul(index, 0x9e3779b1), 0x85ebca6b);
  h ^= h >>> 15;
  h = imul(h, 0x2c1b3c6d);
  h ^= h >>> 12;
  h = imul(h, 0x297a2d39);
  return (h ^ (h >>> 15)) >>> 0;
}

/** FNV-1a over the UTF-16 units of a text. */
export function hashText(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

/** In (0, 1). */
export function uniform(key: number, index: number): number {
  return (hash32(key, index) + 0.5) / 4_294_967_296;
}

/**
 * Near-normal, mean 0, variance 1: the sum of the four bytes of one hash, which is cheap, with a fat tail (one in about
 * sixty is tripled), which returns have.
 */
export function normal(key: number, index: number): number {
  const h = hash32(key, index);
  const sum = (h & 255) + ((h >>> 8) & 255) + ((h >>> 16) & 255) + (h >>> 24);
  // Four uniform bytes: mean 510, variance 4 × (256² − 1) / 12.
  const z = (sum - 510) / 147.8;
  return (h & 63) === h >>> 26 ? z * 2.6 : z * 0.96;
}
