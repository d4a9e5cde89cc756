import { type Candles, sliceCandles } from '../../domain/candles.ts';
import { seriesName } from '../../domain/series.ts';
import { sha256 } from '../../domain/sha256.ts';
import { isoTime } from '../../domain/time-range.ts';
import { readTable } from '../../parquet/read-table.ts';
import type { ObjectStore } from '../../ports.ts';
import { checkpointKey, landingPrefix, TABLES, tableKey } from '../keys.ts';
import type { Manifest, ManifestOutput } from '../manifest/contract.ts';
import type { Finding } from './contract.ts';
import { readCandles, type StandingShard } from './lake-series.ts';
import type { LakeReaders } from './tools.ts';

/** A disagreement, with all but what is the same for all of a shard. */
type Fault = Pick<Finding, 'place' | 'what' | 'expected' | 'found'>;

export interface CheckedShard {
  readonly faults: readonly Fault[];
  /** Objects whose bytes were read. */
  readonly objects: number;
}

/**
 * Holds one shard against its manifest: every output by bytes, hash and rows, the checkpoint by hash and chain, and the
 * chain and the figures once more from the candles themselves.
 */
export async function checkShard(
  { period, manifest }: StandingShard,
  key: string,
  known: { readonly series: Manifest['series'] },
  { store, readers }: { readonly store: ObjectStore; readonly readers: LakeReaders },
): Promise<CheckedShard> {
  const faults: Fault[] = [];
  let objects = 1;
  const compare = (place: string, what: string, expected: unknown, found: unknown) => {
    if (expected !== found) faults.push({ place, what, expected: String(expected), found: String(found) });
  };

  compare(key, 'series of the manifest', seriesName(known.series), seriesName(manifest.series));
  compare(key, 'period of the manifest', period, manifest.period);
  for (const table of TABLES) {
    const output = (manifest.outputs as Readonly<Record<string, ManifestOutput>>)[table];
    // A table that later code added is not missed in what earlier code made.
    if (output) compare(key, `key of the ${table}`, tableKey(table, known.series, period), output.key);
  }
  compare(key, 'key of the checkpoint', checkpointKey(known.series, period), manifest.checkpoint.key);
  for (const input of manifest.inputs) objects += await checkInput(input);

  let candles: Candles | undefined;
  for (const [table, output] of Object.entries(manifest.outputs)) {
    const bytes = await read(output.key, output.sha256);
    if (!bytes) continue;
    compare(output.key, 'bytes', output.sizeBytes, bytes.length);
    await reading(output.key, 'Parquet', async () => {
      const { length: rows } = await readTable(bytes, []);
      compare(output.key, 'rows', output.rows, rows);
      if (table !== 'candles') return;
      candles = await readCandles(bytes, readers);
      const { gap_before: gaps } = await readers.readColumns(bytes, ['gap_before']);
      const missing = gaps.reduce((sum, gap) => sum + gap, 0);
      compare(key, 'missing candles of the report', missing, manifest.report.missing);
    });
  }
  const checkpoint = await read(manifest.checkpoint.key, manifest.checkpoint.sha256);
  if (checkpoint) {
    await reading(manifest.checkpoint.key, 'checkpoint', async () => {
      const { chain, lastOpenTimeMs } = readers.readCheckpoint(checkpoint, manifest.checkpoint.key);
      compare(manifest.checkpoint.key, 'chain of the checkpoint', manifest.chain, chain);
      if (manifest.report.candles === 0) return;
      compare(manifest.checkpoint.key, 'last open time', manifest.report.lastOpenTimeMs, lastOpenTimeMs);
    });
  }
  if (candles) checkFigures(candles);
  return { faults, objects };

  /** Bytes that have the hash of a damaged manifest may be anything; the readers throw what they will. */
  async function reading(place: string, what: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      faults.push({ place, what: 'form of the object', expected: what, found: (error as Error).message });
    }
  }

  /** The bytes, where they are there and have that hash. */
  async function read(objectKey: string, expected: string): Promise<Uint8Array | undefined> {
    const bytes = await store.get(objectKey);
    if (!bytes) {
      compare(objectKey, 'object', 'there', 'not there');
      return undefined;
    }
    objects++;
    const found = sha256(bytes);
    compare(objectKey, 'sha256', expected, found);
    return found === expected ? bytes : undefined;
  }

  async function checkInput(input: Manifest['inputs'][number]): Promise<number> {
    if (input.key.startsWith(landingPrefix(known.series))) {
      // Its bytes and its receipt are looked at where everything that landed is.
      compare(key, `sha256 of the input ${input.key}`, /([0-9a-f]{64})\.[a-z]+$/.exec(input.key)?.[1], input.sha256);
      return 0;
    }
    await read(input.key, input.sha256);
    return 1;
  }

  function checkFigures(table: Candles): void {
    const { report } = manifest;
    // A shard that lost all its candles hands on the chain that it was given.
    const chain =
      table.length === 0
        ? manifest.previousChain
        : sha256(manifest.previousChain, '\n', readers.hashCandles(table), '\n', manifest.codeHash);
    compare(key, 'chain, from the candles', manifest.chain, chain);
    const head = sliceCandles(table, 0, Math.min(manifest.head.candles, table.length));
    compare(key, 'hash of the first candles', manifest.head.sha256, readers.hashCandles(head));
    compare(key, 'period of the report', period, report.period);
    compare(key, 'candles of the report', table.length, report.candles);
    compare(key, 'labels of the report', manifest.outputs.labels.rows, report.labels);
    if (table.length > 0) {
      compare(key, 'first open time of the report', iso(table.openTimeMs[0]), iso(report.firstOpenTimeMs));
      compare(key, 'last open time of the report', iso(table.openTimeMs.at(-1)), iso(report.lastOpenTimeMs));
    }
    for (const [name, { sizeBytes }] of Object.entries(manifest.outputs)) {
      const said = (report.sizeBytes as Readonly<Record<string, number>>)[name];
      if (said !== undefined) compare(key, `bytes of the ${name} in the report`, sizeBytes, said);
    }
  }
}

function iso(timeMs: number | undefined): string {
  return timeMs !== undefined && Math.abs(timeMs) <= 8.64e15 ? isoTime(timeMs) : String(timeMs);
}
