import { UnexpectedFormat } from '../../domain/errors.ts';
import { type LabelMemory, MEMORY_COLUMNS } from '../../labels/label-memory.ts';

/** What is needed to go on after a shard as if there had been no break. */
export interface Checkpoint {
  /** Stands for everything that led here: chain of the shard before, this shard's candle values, the code. */
  readonly chain: string;
  readonly lastOpenTimeMs: number;
  /** State of the feature engine, as the engine saved it. */
  readonly engine: Uint8Array;
  /** The last candles, which the labels of the next shard look back at. */
  readonly labels: LabelMemory;
}

interface Header {
  readonly chain: string;
  readonly lastOpenTimeMs: number;
  readonly engineBytes: number;
  readonly labelRows: number;
}

const MAGIC = 'candlelake checkpoint 2\n';

/** The magic line, one line of JSON, the engine's own bytes, then the label columns, doubles, little-endian. */
export function encodeCheckpoint({ chain, lastOpenTimeMs, engine, labels }: Checkpoint): Uint8Array {
  const header: Header = { chain, lastOpenTimeMs, engineBytes: engine.length, labelRows: labels.close.length };
  const columns = MEMORY_COLUMNS.map((name) => doublesToBytes(labels[name]));
  return Buffer.concat([Buffer.from(`${MAGIC}${JSON.stringify(header)}\n`), engine, ...columns]);
}

/** Reads a checkpoint back. @throws UnexpectedFormat where it is not one, or of another version. */
export function decodeCheckpoint(bytes: Uint8Array, key: string): Checkpoint {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = buffer.indexOf('\n', MAGIC.length);
  const magic = buffer.subarray(0, MAGIC.length).toString('latin1');
  const header = magic === MAGIC && end >= 0 ? parseHeader(buffer.subarray(MAGIC.length, end)) : undefined;
  if (!header) throw new UnexpectedFormat(`${key} is no checkpoint, expected it to begin with '${MAGIC.trim()}'`);
  const { chain, lastOpenTimeMs, engineBytes, labelRows } = header;
  const expected = end + 1 + engineBytes + MEMORY_COLUMNS.length * labelRows * 8;
  if (bytes.length !== expected) {
    throw new UnexpectedFormat(`${key} has ${bytes.length} bytes, expected ${expected}`);
  }
  let at = end + 1 + engineBytes;
  const columns = MEMORY_COLUMNS.map((name) => {
    const values = bytesToDoubles(bytes, at, labelRows);
    at += labelRows * 8;
    return [name, values] as const;
  });
  // Copied, so that the engine may view it as doubles: those want to begin at a multiple of eight.
  const engine = Uint8Array.from(buffer.subarray(end + 1, end + 1 + engineBytes));
  return { chain, lastOpenTimeMs, engine, labels: Object.fromEntries(columns) as unknown as LabelMemory };
}

function doublesToBytes(values: Float64Array): Uint8Array {
  const bytes = new Uint8Array(values.length * 8);
  const view = new DataView(bytes.buffer);
  // NaN by one bit pattern, so that equal memories are equal bytes.
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) view.setUint32(8 * i + 4, 0x7ff80000, true);
    else view.setFloat64(8 * i, values[i], true);
  }
  return bytes;
}

function bytesToDoubles(bytes: Uint8Array, offset: number, length: number): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, length * 8);
  return Float64Array.from({ length }, (_, i) => view.getFloat64(8 * i, true));
}

function parseHeader(line: Buffer): Header | undefined {
  try {
    const header = JSON.parse(line.toString('utf8')) as Header | null;
    const counts = [header?.engineBytes, header?.labelRows];
    return counts.every((count) => Number.isSafeInteger(count) && count! >= 0) ? header! : undefined;
  } catch {
    return undefined;
  }
}
