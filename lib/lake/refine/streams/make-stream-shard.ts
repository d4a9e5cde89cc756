import type { Period } from '../../../domain/period.ts';
import { sha256 } from '../../../domain/sha256.ts';
import type { Stream } from '../../../domain/stream.ts';
import { STREAM_TABLE } from '../../../domain/stream-table.ts';
import type { TimeRange } from '../../../domain/time-range.ts';
import { encodeTable } from '../../../parquet/encode-table.ts';
import type { ObjectStore } from '../../../ports.ts';
import { servedPart } from '../../ledger/symbol-life.ts';
import type { StreamManifest } from '../../manifest/contract.ts';
import { streamTableKey } from '../../stream-keys.ts';
import { readerOf } from './reader-of.ts';
import type { DecodedInputs } from './stream-reader.ts';

interface StreamShardInput {
  readonly stream: Stream;
  readonly period: Period;
  readonly decoded: DecodedInputs;
  readonly codeHash: string;
  /** Times whose rows are served. */
  readonly life: TimeRange;
  /** The state at the end of the shard before; empty before the first. */
  readonly carry: string;
  /** True if there is a table even without rows, because there was one with rows. */
  readonly keepsTable: boolean;
}

/** A shard that is not in the lake yet. */
export interface MadeStreamShard {
  readonly manifest: StreamManifest;
  readonly table: Uint8Array | undefined;
}

/** Makes a shard of its decoded inputs. The bytes depend on nothing else. Writes nothing. */
export function makeStreamShard(input: StreamShardInput): MadeStreamShard {
  const { stream, period, decoded, codeHash, keepsTable } = input;
  const { rows, columns, carry, ...counts } = decoded.rows(input.life, input.carry);
  const table = rows > 0 || keepsTable ? encodeTable(STREAM_TABLE[stream.name].schema, rows, columns) : undefined;
  const output = table && {
    key: streamTableKey(stream, period),
    sha256: sha256(table),
    sizeBytes: table.length,
    rows,
  };
  const manifest: StreamManifest = {
    stream,
    period,
    inputs: decoded.inputs,
    ...(decoded.superseded && { superseded: decoded.superseded }),
    ...(decoded.again && { again: decoded.again }),
    ...servedPart(period, input.life),
    codeHash,
    before: sha256(input.carry),
    ...(output && { output }),
    report: { period, rows, sizeBytes: output?.sizeBytes ?? 0, ...counts },
    carry,
  };
  return { manifest, table };
}

/**
 * Rebuilds the manifest of a shard from the landed objects that its manifest names.
 * @param carry the state at the end of the shard before
 */
export async function remakeStreamShard(
  store: ObjectStore,
  known: StreamManifest,
  carry: string,
): Promise<StreamManifest> {
  const { stream, period, codeHash, output, servedFromMs, servedToMs } = known;
  const decoded = await readerOf(stream).reopen(store, known);
  const life = { fromMs: servedFromMs ?? Number.NEGATIVE_INFINITY, toMs: servedToMs ?? Number.POSITIVE_INFINITY };
  return makeStreamShard({ stream, period, decoded, codeHash, life, carry, keepsTable: output !== undefined }).manifest;
}
