import type { ByteWriter } from './byte-writer.ts';

const BLOCK_VALUES = 128;
const MINIBLOCKS = 4;
const MINIBLOCK_VALUES = BLOCK_VALUES / MINIBLOCKS;

/**
 * Appends integers as DELTA_BINARY_PACKED (Encodings.md): the first value, then blocks of 128 differences, each less
 * the smallest of its block and packed into as few bits as the largest of its 32 needs.
 * @param bits 32 if differences wrap around at 32 bits, as int32 demands; 64 if they do not wrap. Values of 64 bits
 * must be less than 2^50 in size, so that every step is exact in doubles.
 */
export function appendDeltaPacked(out: ByteWriter, values: Float64Array, bits: 32 | 64): void {
  const { length } = values;
  out.varint(BLOCK_VALUES);
  out.varint(MINIBLOCKS);
  out.varint(length);
  out.zigzag(length === 0 ? 0 : values[0]!);
  const deltas = new Float64Array(BLOCK_VALUES);
  for (let begin = 1; begin < length; begin += BLOCK_VALUES) {
    const count = Math.min(BLOCK_VALUES, length - begin);
    for (let i = 0; i < count; i++) {
      const delta = values[begin + i]! - values[begin + i - 1]!;
      deltas[i] = bits === 32 ? delta | 0 : delta;
    }
    appendBlock(out, deltas.subarray(0, count));
  }
}

function appendBlock(out: ByteWriter, deltas: Float64Array): void {
  const { length } = deltas;
  let [min, max] = [deltas[0]!, deltas[0]!];
  for (let i = 1; i < length; i++) {
    if (deltas[i]! < min) min = deltas[i]!;
    else if (deltas[i]! > max) max = deltas[i]!;
  }
  out.zigzag(min);
  if (min === max) {
    out.int32(0);
    return;
  }
  for (let i = 0; i < length; i++) deltas[i]! -= min;
  const widths: number[] = [];
  for (let begin = 0; begin < BLOCK_VALUES; begin += MINIBLOCK_VALUES) {
    let most = 0;
    for (let i = begin; i < Math.min(begin + MINIBLOCK_VALUES, length); i++) most = Math.max(most, deltas[i]!);
    const width = bitsOf(most);
    widths.push(width);
    out.byte(width);
  }
  widths.forEach((width, i) => {
    appendMiniblock(out, deltas.subarray(i * MINIBLOCK_VALUES, (i + 1) * MINIBLOCK_VALUES), width);
  });
}

/** Returns how many bits a number needs: 0 for 0. */
function bitsOf(value: number): number {
  const high = Math.floor(value / 2 ** 32);
  return high > 0 ? 64 - Math.clz32(high) : 32 - Math.clz32(value);
}

const LOW_BITS = 24;

/** Packs 32 numbers; absent ones are 0. Numbers are cut at 24 bits, so that 32-bit operations hold them. */
function appendMiniblock(out: ByteWriter, values: Float64Array, width: number): void {
  let pending = 0;
  let pendingBits = 0;
  const put = (value: number, bits: number): void => {
    pending |= value << pendingBits;
    for (pendingBits += bits; pendingBits >= 8; pendingBits -= 8) {
      out.byte(pending & 0xff);
      pending >>>= 8;
    }
  };
  for (let i = 0; width > 0 && i < MINIBLOCK_VALUES; i++) {
    let rest = values[i] ?? 0;
    let bits = width;
    for (; bits > LOW_BITS; bits -= LOW_BITS) {
      put(rest % 2 ** LOW_BITS, LOW_BITS);
      rest = Math.floor(rest / 2 ** LOW_BITS);
    }
    put(rest, bits);
  }
}
