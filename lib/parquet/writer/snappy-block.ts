interface Block {
  /** The address of the block. */
  readonly from: number;
  /** 1 to 65,536 bytes. */
  readonly length: number;
  /** The address of the result. */
  readonly to: number;
  /** The address of the table of recent places: 2^14 numbers of 16 bits. */
  readonly hashes: number;
}

const HASH_BITS = 14;
/** Google's multiplier: it spreads four bytes over the highest bits. */
const MULTIPLIER = 0x1e35a7bd;
/** The last bytes of a block are not searched, so that no read passes its end. */
const MARGIN = 15;

/**
 * Compresses a block by Snappy (format_description.txt of google/snappy): literals, and copies of at least four bytes
 * from at most 65,535 bytes before. It looks for copies by a table of hashes, and the longer it finds none, the further
 * it steps. assembly/snappy-block.ts is its twin.
 * @returns the address after the result
 */
export function compressBlock(memory: Uint8Array, { from, length, to, hashes }: Block): number {
  const view = new DataView(memory.buffer);
  const recent = new Uint16Array(memory.buffer, hashes, 2 ** HASH_BITS);
  recent.fill(0);
  const end = from + length;
  const limit = end - MARGIN;
  const hashAt = (at: number) => Math.imul(view.getInt32(at, true), MULTIPLIER) >>> (32 - HASH_BITS);
  const sameFour = (a: number, b: number) => view.getInt32(a, true) === view.getInt32(b, true);
  const candidateFor = (at: number) => {
    const hash = hashAt(at);
    const candidate = from + recent[hash]!;
    recent[hash] = at - from;
    return candidate;
  };
  let out = to;
  let literal = from;
  let at = from + 1;
  let misses = 32;
  while (at <= limit) {
    let candidate = candidateFor(at);
    if (!sameFour(at, candidate)) {
      at += misses++ >> 5;
      continue;
    }
    out = appendLiteral(memory, out, literal, at);
    do {
      let matchEnd = at + 4;
      for (let before = candidate + 4; matchEnd < end && memory[matchEnd] === memory[before]; before++) matchEnd++;
      out = appendCopy(memory, out, at - candidate, matchEnd - at);
      literal = at = matchEnd;
      if (at > limit) break;
      recent[hashAt(at - 1)] = at - 1 - from;
      candidate = candidateFor(at);
    } while (sameFour(at, candidate));
    at++;
    misses = 32;
  }
  return literal < end ? appendLiteral(memory, out, literal, end) : out;
}

function appendLiteral(memory: Uint8Array, out: number, begin: number, end: number): number {
  const last = end - begin - 1;
  let at = out;
  if (last < 60) memory[at++] = last << 2;
  else if (last < 256) {
    memory[at++] = 60 << 2;
    memory[at++] = last;
  } else {
    memory[at++] = 61 << 2;
    memory[at++] = last;
    memory[at++] = last >> 8;
  }
  memory.copyWithin(at, begin, end);
  return at + end - begin;
}

/** Appends copies of up to 64 bytes each. None is shorter than four. */
function appendCopy(memory: Uint8Array, out: number, offset: number, length: number): number {
  let at = out;
  let rest = length;
  while (rest > 0) {
    const part = rest >= 68 ? 64 : rest > 64 ? 60 : rest;
    if (part < 12 && offset < 2048) {
      memory[at++] = 1 | ((part - 4) << 2) | ((offset >> 8) << 5);
      memory[at++] = offset;
    } else {
      memory[at++] = 2 | ((part - 1) << 2);
      memory[at++] = offset;
      memory[at++] = offset >> 8;
    }
    rest -= part;
  }
  return at;
}
