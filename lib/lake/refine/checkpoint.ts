import { UnexpectedFormat } from '../../domain/errors.ts';
import { type LabelMemory, MEMORY_COLUMNS } from '../../labels/label-memory.ts';

/** The state from which the next shard continues as if there had been no break. */
interface Checkpoint {
  /** A hash of the chain of the shard before, the candle values of this shard, and the code. */
  readonly chain: string;
  readonly lastOpenTimeMs: number;
  /** The state of the feature engine, as saved by the engine. */
  readonly engine: Uint8Array;
  /** The last candles, which the labels of the next shard read. */
  readonly labels: LabelMemory;
}

interface Header {
  readonly chain: string;
  readonly lastOpenTimeMs: number;
  readonly engineBytes: number;
  readonly labelRows: number;
}

const MAGIC = 'candlelake checkpoint 2\n';

/**
 * Encodes a checkpoint: the magic line, one line of JSON, the engine's bytes, then the label columns as little-endian
 * doubles.
 */
export function encodeCheckpoint({ chain, lastOpenTimeMs, engine, labels }: Checkpoint): Uint8Array {
  const header: Header = { chain, lastOpenTimeMs, engineBytes: engine.length, labelRows: labels.close.length };
  const columns = MEMORY_COLUMNS.map((name) => doublesToBytes(labels[name]));
  return Buffer.concat([Buffer.from(`${MAGIC}${JSON.stringify(header)}\n`), engine, ...columns]);
}

/** Decodes a checkpoint. @throws UnexpectedFormat if the bytes are not a checkpoint of this version */
export function decodeCheckpoint(bytes: Uint8Array, key: string): Checkpoint {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = buffer.indexOf('\n', MAGIC.length);
  const magic = buffer.subarray(0, MAGIC.length).toString('latin1');
  const header = magic === MAGIC && end >= 0 ? parseHeader(buffer.subarray(MAGIC.length, end)) : undefined;
  if (!header) throw new UnexpectedFormat(`${key} is not a checkpoint, expected it to begin with '${MAGIC.trim()}'`);
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
  // A copy begins at a multiple of eight bytes, so the engine can view it as doubles.
  const engine = Uint8Array.from(buffer.subarray(end + 1, end + 1 + engineBytes));
  return { chain, lastOpenTimeMs, engine, labels: Object.fromEntries(columns) as unknown as LabelMemory };
}

function doublesToBytes(values: Float64Array): Uint8Array {
  const bytes = new Uint8Array(values.length * 8);
  const view = new DataView(bytes.buffer);
  // NaN is written with one bit pattern, so that equal memories are equal bytes.
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
