import { sha256 } from '../../domain/sha256.ts';
import { type Stream, streamTitle } from '../../domain/stream.ts';
import type { ObjectStore } from '../../ports.ts';
import type { StreamManifest } from '../manifest/contract.ts';
import { parseManifest } from '../manifest/manifest.ts';
import { parseSightingKey, streamTableKey, streamTablePrefix } from '../stream-keys.ts';
import type { FoundShard, ShardFault, ShardRules } from './check-shards.ts';
import { differs, faultsAmong, missing } from './findings.ts';
import { type LandedByPeriod, receiptIdOf } from './landed-by-period.ts';
import { faultsOfRows, readStreamRows } from './stream-rows.ts';

/** The rules for the shards of a stream. */
export function streamShards(stream: Stream, landed: LandedByPeriod, store: ObjectStore): ShardRules<StreamManifest> {
  return {
    subject: stream,
    prefixes: [streamTablePrefix(stream)],
    landed,
    // Every period for which something landed has a manifest, even if it has no rows.
    expected: landed.keys(),
    parse: (bytes) => parseManifest(stream, bytes),
    outputsOf: ({ output }) => (output ? [output.key] : []),
    inputsOf: ({ inputs }) => inputs,
    handsOn: ({ carry }) => carry,
    async check(shard) {
      const { faults, objects } = await checkTable(stream, shard, store);
      return { faults: [...manifestFaults(stream, shard), ...faults], objects: objects + 1 };
    },
  };
}

function manifestFaults(stream: Stream, { key, period, manifest, before }: FoundShard<StreamManifest>): ShardFault[] {
  const { output, report, inputs, superseded = [] } = manifest;
  return faultsAmong(key, [
    ['stream of the manifest', streamTitle(stream), streamTitle(manifest.stream)],
    ['period of the manifest', period, manifest.period],
    ['period of the report', period, report.period],
    ['rows of the report', output?.rows ?? 0, report.rows],
    ['bytes of the report', output?.sizeBytes ?? 0, report.sizeBytes],
    ['key of the table', output && streamTableKey(stream, period), output?.key],
    ['input that is not a receipt of the stream', undefined, inputs.find((one) => !isReceipt(stream, one))],
    ['superseded input that is not among the inputs', undefined, superseded.find((one) => !inputs.includes(one))],
    ...(before === undefined
      ? []
      : [['sha256 of what the shard before hands on', sha256(before), manifest.before] as const]),
  ]);
}

function isReceipt(stream: Stream, key: string): boolean {
  return parseSightingKey(stream, key) !== undefined || receiptIdOf(stream, key) !== undefined;
}

/** Compares a table with its manifest by hash, size and rows, and checks the rows. */
async function checkTable(stream: Stream, { period, manifest }: FoundShard<StreamManifest>, store: ObjectStore) {
  const { output, report } = manifest;
  if (!output) return { faults: [], objects: 0 };
  const key = streamTableKey(stream, period);
  const bytes = await store.get(key);
  if (!bytes) return { faults: [missing(key, 'object')], objects: 0 };
  const found = sha256(bytes);
  if (found !== output.sha256) return { faults: [differs(key, 'sha256', output.sha256, found)], objects: 1 };
  const faults: ShardFault[] = faultsAmong(key, [['bytes', output.sizeBytes, bytes.length]]);
  try {
    const rows = await readStreamRows(stream, bytes);
    faults.push(...faultsAmong(key, [['rows', output.rows, rows.length]]));
    const ofRows = faultsOfRows(stream, period, rows, report);
    faults.push(...ofRows.map((fault): ShardFault => ({ check: 'rows', place: key, ...fault })));
  } catch (error) {
    // A damaged manifest may list the hash of any bytes, so the reader may throw any error.
    faults.push(differs(key, 'form of the object', 'Parquet', (error as Error).message));
  }
  return { faults, objects: 1 };
}
