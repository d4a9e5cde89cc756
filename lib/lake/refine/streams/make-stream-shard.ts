import type { Period } from '../../../domain/period.ts';
import { sha256 } from '../../../domain/sha256.ts';
import type { Stream } from '../../../domain/stream.ts';
import { STREAM_SCHEMAS } from '../../../domain/stream-schemas.ts';
import type { TimeRange } from '../../../domain/time-range.ts';
import { encodeTable } from '../../../parquet/encode-table.ts';
import type { ObjectStore } from '../../../ports.ts';
import { readAnswers, readSightings, type StreamInput, streamInput } from '../../landing/stream-landing.ts';
import { servedPart } from '../../ledger/served-part.ts';
import type { StreamManifest } from '../../manifest/contract.ts';
import { streamTableKey } from '../../stream-keys.ts';
import { fundingShard } from './funding.ts';
import { instrumentsShard } from './instruments.ts';
import { markCandlesShard } from './mark-candles.ts';
import { openInterestShard } from './open-interest.ts';
import type { StreamShard } from './stream-shard.ts';

export interface StreamShardInput {
  readonly stream: Stream;
  readonly period: Period;
  readonly inputs: readonly StreamInput[];
  readonly codeHash: string;
  /** Times whose rows are served. */
  readonly life: TimeRange;
  /** What the shard before hands on, or nothing. */
  readonly carry: string;
  /** True where there is a table even without rows, for there was one with rows. */
  readonly keepsTable: boolean;
}

/** A shard that is not in the lake yet. */
export interface MadeStreamShard {
  readonly manifest: StreamManifest;
  readonly table: Uint8Array | undefined;
}

/** Makes a shard of what landed for it: the same bytes whoever does it. Puts nothing. */
export async function makeStreamShard(store: ObjectStore, input: StreamShardInput): Promise<MadeStreamShard> {
  const { stream, period, inputs, codeHash, keepsTable } = input;
  const { rows, columns, carry, ...counts } = await rowsOf(store, input);
  const table = rows > 0 || keepsTable ? encodeTable(STREAM_SCHEMAS[stream.name], rows, columns) : undefined;
  const output = table && {
    key: streamTableKey(stream, period),
    sha256: sha256(table),
    sizeBytes: table.length,
    rows,
  };
  const superseded = supersededKeys(inputs);
  const manifest: StreamManifest = {
    stream,
    period,
    inputs: inputs.map(({ key }) => key),
    ...(superseded && { superseded }),
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
 * The manifest that the shard of a manifest gets when it is made again of the same landed objects.
 * @param carry what the shard before hands on
 */
export async function remakeStreamShard(
  store: ObjectStore,
  { stream, period, inputs, superseded, codeHash, output, servedFromMs, servedToMs }: StreamManifest,
  carry: string,
): Promise<StreamManifest> {
  const landed = inputs.flatMap((key): StreamInput[] => {
    const input = streamInput(stream, key);
    if (!input) return [];
    return [superseded?.includes(key) ? { ...input, superseded: true } : input];
  });
  const life = { fromMs: servedFromMs ?? Number.NEGATIVE_INFINITY, toMs: servedToMs ?? Number.POSITIVE_INFINITY };
  const keepsTable = output !== undefined;
  const input = { stream, period, inputs: landed, codeHash, life, carry, keepsTable };
  return (await makeStreamShard(store, input)).manifest;
}

/** Keys of the inputs whose place a newer version has taken; undefined where none. */
export function supersededKeys(inputs: readonly StreamInput[]): readonly string[] | undefined {
  const keys = inputs.filter((input) => 'superseded' in input).map(({ key }) => key);
  return keys.length > 0 ? keys : undefined;
}

async function rowsOf(store: ObjectStore, input: StreamShardInput): Promise<StreamShard> {
  const { stream, period, inputs, life, carry } = input;
  if (stream.name === 'instruments') return instrumentsShard(await readSightings(store, inputs), carry);
  const answers = await readAnswers(store, inputs);
  if (stream.name === 'funding') return fundingShard(stream, period, answers, life);
  if (stream.name === 'open_interest') return openInterestShard(stream, period, answers, life, carry);
  return markCandlesShard(stream, period, answers, life, carry);
}
