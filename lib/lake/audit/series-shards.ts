import type { Candles } from '../../domain/candles.ts';
import type { Period } from '../../domain/period.ts';
import { type Series, seriesName } from '../../domain/series.ts';
import { sha256 } from '../../domain/sha256.ts';
import { isoTime } from '../../domain/time-range.ts';
import { readColumns } from '../../parquet/read-columns.ts';
import { readTable } from '../../parquet/read-table.ts';
import type { ObjectStore } from '../../ports.ts';
import {
  checkpointKey,
  checkpointPrefix,
  landingPrefix,
  parseVersionKey,
  TABLES,
  tableKey,
  tablePrefix,
  versionsPrefix,
} from '../keys.ts';
import type { Manifest } from '../manifest/contract.ts';
import { chainOf, hashHead } from '../manifest/hash-candles.ts';
import { parseManifest } from '../manifest/manifest.ts';
import { decodeCheckpoint } from '../refine/checkpoint.ts';
import { readCandles } from './candle-shard.ts';
import type { FoundShard, ShardFault, ShardRules } from './check-shards.ts';
import { differs, missing } from './findings.ts';
import type { LandedByPeriod } from './landed-by-period.ts';
import { rerunRemedy } from './remedies.ts';

/** The rules for the shards of candles. */
export async function seriesShards(
  series: Series,
  landed: LandedByPeriod,
  store: ObjectStore,
): Promise<ShardRules<Manifest>> {
  const recorded = await newestVersions(series, store);
  return {
    subject: series,
    prefixes: [...TABLES.map((table) => tablePrefix(table, series)), checkpointPrefix(series)],
    landed,
    expected: [],
    parse: (bytes) => parseManifest(series, bytes),
    outputsOf: ({ outputs, checkpoint }) => [...Object.values(outputs).map(({ key }) => key), checkpoint.key],
    inputsOf: ({ inputs }) => inputs.map(({ key }) => key),
    handsOn: ({ chain }) => chain,
    async check(shard) {
      const { faults, objects } = await checkObjects(series, shard, store);
      return { faults: [...faults, ...versionFaults(shard, recorded), ...chainFaults(series, shard)], objects };
    },
  };
}

/** Returns the first digits of the newest recorded manifest of each shard. */
export async function newestVersions(series: Series, store: ObjectStore): Promise<ReadonlyMap<Period, string>> {
  const keys = (await store.list(versionsPrefix(series))).map(({ key }) => key);
  // Keys of records are in the order of publication.
  return new Map(keys.flatMap((key) => parseVersionKey(key) ?? []).map((id) => [id.period, id.manifest12]));
}

/** The counts of a merge are in no table, so only the record of the version can show that the manifest has others. */
function versionFaults({ key, period, manifestSha256 }: FoundShard<Manifest>, recorded: ReadonlyMap<Period, string>) {
  const version = recorded.get(period);
  if (version === undefined) return [{ ...missing(key, 'record of the version that stands'), found: 'none' }];
  if (manifestSha256.startsWith(version)) return [];
  const what = 'sha256 of the manifest, by the record of its version';
  return [differs(key, what, version, manifestSha256.slice(0, version.length))];
}

function chainFaults(series: Series, { key, manifest, before }: FoundShard<Manifest>): ShardFault[] {
  const { previousChain } = manifest;
  if (before === undefined || previousChain === before) return [];
  const fault = differs(key, 'chain of the shard before', before || 'none', previousChain || 'none');
  return [{ ...fault, remedy: rerunRemedy(series) }];
}

/**
 * Compares a shard with its manifest: each output by size, hash and rows, the checkpoint by hash and chain. The chain
 * and the report are computed again from the candles.
 */
async function checkObjects(series: Series, { key, period, manifest }: FoundShard<Manifest>, store: ObjectStore) {
  const faults: ShardFault[] = [];
  let objects = 1;
  const compare = (place: string, what: string, expected: unknown, found: unknown) => {
    if (expected !== found) faults.push(differs(place, what, expected, found));
  };
  /** Returns the bytes of an object if they have that hash. */
  const read = async (place: string, expected: string): Promise<Uint8Array | undefined> => {
    const bytes = await store.get(place);
    if (!bytes) {
      faults.push(missing(place, 'object'));
      return undefined;
    }
    objects++;
    const found = sha256(bytes);
    compare(place, 'sha256', expected, found);
    return found === expected ? bytes : undefined;
  };
  /** A damaged manifest may list the hash of any bytes, so the readers may throw any error. */
  const attempt = async (place: string, form: string, work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      faults.push(differs(place, 'form of the object', form, (error as Error).message));
    }
  };

  compare(key, 'series of the manifest', seriesName(series), seriesName(manifest.series));
  compare(key, 'period of the manifest', period, manifest.period);
  for (const table of TABLES) {
    compare(key, `key of the ${table}`, tableKey(table, series, period), manifest.outputs[table].key);
  }
  compare(key, 'key of the checkpoint', checkpointKey(series, period), manifest.checkpoint.key);
  for (const input of manifest.inputs) {
    // The bytes and receipts of landed objects are checked with everything else that landed.
    const isLanded = input.key.startsWith(landingPrefix(series));
    if (isLanded) compare(key, `sha256 of the input ${input.key}`, hashInKey(input.key), input.sha256);
    else await read(input.key, input.sha256);
  }
  let candles: Candles | undefined;
  for (const [table, output] of Object.entries(manifest.outputs)) {
    const bytes = await read(output.key, output.sha256);
    if (!bytes) continue;
    compare(output.key, 'bytes', output.sizeBytes, bytes.length);
    await attempt(output.key, 'Parquet', async () => {
      compare(output.key, 'rows', output.rows, (await readTable(bytes, [])).length);
      if (table !== 'candles') return;
      candles = await readCandles(bytes);
      const { gap_before: gaps } = await readColumns(bytes, ['gap_before']);
      const sum = gaps.reduce((total, gap) => total + gap, 0);
      compare(key, 'missing candles of the report', sum, manifest.report.missing);
    });
  }
  const { checkpoint } = manifest;
  const state = await read(checkpoint.key, checkpoint.sha256);
  if (state) {
    await attempt(checkpoint.key, 'checkpoint', async () => {
      const { chain, lastOpenTimeMs } = decodeCheckpoint(state, checkpoint.key);
      compare(checkpoint.key, 'chain of the checkpoint', manifest.chain, chain);
      if (manifest.report.candles === 0) return;
      compare(checkpoint.key, 'last open time', manifest.report.lastOpenTimeMs, lastOpenTimeMs);
    });
  }
  if (candles) {
    for (const [what, expected, found] of figuresOf(period, manifest, candles)) compare(key, what, expected, found);
  }
  return { faults, objects };
}

/** The values of a manifest that follow from the candles: what, as computed, as the manifest has it. */
function figuresOf(period: Period, manifest: Manifest, candles: Candles): [what: string, unknown, unknown][] {
  const { report, outputs, previousChain, head } = manifest;
  // A shard that lost all its candles hands on the chain that it was given.
  const chain = candles.length === 0 ? previousChain : chainOf(previousChain, candles, manifest.codeHash);
  const openTimes = candles.openTimeMs;
  return [
    ['chain, from the candles', manifest.chain, chain],
    ['hash of the first candles', head.sha256, hashHead(candles, head.candles).sha256],
    ['period of the report', period, report.period],
    ['candles of the report', candles.length, report.candles],
    ['labels of the report', outputs.labels.rows, report.labels],
    ...(candles.length === 0
      ? []
      : ([
          ['first open time of the report', iso(openTimes[0]), iso(report.firstOpenTimeMs)],
          ['last open time of the report', iso(openTimes.at(-1)), iso(report.lastOpenTimeMs)],
        ] as [string, unknown, unknown][])),
    ...TABLES.map((table): [string, unknown, unknown] => [
      `bytes of the ${table} in the report`,
      outputs[table].sizeBytes,
      report.sizeBytes[table],
    ]),
  ];
}

function hashInKey(key: string): string | undefined {
  return /([0-9a-f]{64})\.[a-z]+$/.exec(key)?.[1];
}

function iso(timeMs: number | undefined): string {
  return timeMs !== undefined && Math.abs(timeMs) <= 8.64e15 ? isoTime(timeMs) : String(timeMs);
}
