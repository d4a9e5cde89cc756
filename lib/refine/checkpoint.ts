import { UnexpectedFormat } from '../domain/errors.ts';

/** What is needed to go on after a shard as if there had been no break. */
export interface Checkpoint {
  /** Stands for everything that led here: chain of the shard before, this shard's candle values, the code. */
  readonly chain: string;
  readonly lastOpenTimeMs: number;
  /** State of the feature engine, as the engine saved it. */
  readonly engine: Uint8Array;
}

const MAGIC = 'candlelake checkpoint 1\n';

/** One header line of JSON between the magic line and the engine's own bytes. */
export function encodeCheckpoint({ chain, lastOpenTimeMs, engine }: Checkpoint): Uint8Array {
  return Buffer.concat([Buffer.from(`${MAGIC}${JSON.stringify({ chain, lastOpenTimeMs })}\n`), engine]);
}

/** Reads a checkpoint back. @throws UnexpectedFormat where it is not one, or of another version. */
export function decodeCheckpoint(bytes: Uint8Array, key: string): Checkpoint {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = buffer.indexOf('\n', MAGIC.length);
  const magic = buffer.subarray(0, MAGIC.length).toString('latin1');
  const header = magic === MAGIC && end >= 0 ? parseHeader(buffer.subarray(MAGIC.length, end)) : undefined;
  if (!header) throw new UnexpectedFormat(`${key} is no checkpoint, expected it to begin with '${MAGIC.trim()}'`);
  // Copied, so that the engine may view it as doubles: those want to begin at a multiple of eight.
  return { ...header, engine: Uint8Array.from(buffer.subarray(end + 1)) };
}

function parseHeader(line: Buffer): Omit<Checkpoint, 'engine'> | undefined {
  try {
    return (JSON.parse(line.toString('utf8')) as Omit<Checkpoint, 'engine'> | null) ?? undefined;
  } catch {
    return undefined;
  }
}
