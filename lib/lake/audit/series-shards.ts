import type { Candles } from '../../domain/candles.ts';
import type { Period } from '../../domain/period.ts';
import { type Series, seriesName } from '../../domain/series.ts';
import { sha256 } from '../../domain/sha256.ts';
import { TABLES } from '../../domain/tables.ts';
import { readColumns } from '../../parquet/read-columns.ts';
import { readTable } from '../../parquet/read-table.ts';
import type { ObjectStore } from '../../ports.ts';
import {
  checkpointKey,
  checkpointPrefix,
  landingPrefix,
  parseVersionKey,
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
import { differs, type Fact, faultsAmong, missing, timeText } from './findings.ts';
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
      const named = nameFaults(series, shard);
      const chained = [...versionFaults(shard, recorded), ...chainFaults(series, shard)];
      return { faults: [...named, ...faults, ...chained], objects };
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

/** Compares the names, keys and hashes of landed inputs in a manifest with those of its series and period. */
function nameFaults(series: Series, { key, period, manifest }: FoundShard<Manifest>): ShardFault[] {
  const { outputs, checkpoint, inputs } = manifest;
  return faultsAmong(key, [
    ['series of the manifest', seriesName(series), seriesName(manifest.series)],
    ['period of the manifest', period, manifest.period],
    ...TABLES.map((table): Fact => [`key of the ${table}`, tableKey(table, series, period), outputs[table].key]),
    ['key of the checkpoint', checkpointKey(series, period), checkpoint.key],
    ...inputs
      .filter((input) => isLandedOf(series, input.key))
      .map((input): Fact => [`sha256 of the input ${input.key}`, hashInKey(input.key), input.sha256]),
  ]);
}

/** The bytes and receipts of landed objects are checked with everything else that landed. */
function isLandedOf(series: Series, key: string): boolean {
  return key.startsWith(landingPrefix(series));
}

/**
 * Compares a shard with its manifest: each output by size, hash and rows, the checkpoint by hash and chain. The chain
 * and the report are computed again from the candles.
 */
async function checkObjects(series: Series, { key, period, manifest }: FoundShard<Manifest>, store: ObjectStore) {
  const faults: ShardFault[] = [];
  let objects = 1;
  const compare = (place: string, ...fact: Fact) => faults.push(...faultsAmong(place, [fact]));
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

  for (const input of manifest.inputs) if (!isLandedOf(series, input.key)) await read(input.key, input.sha256);
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
  if (candles) faults.push(...faultsAmong(key, figuresOf(period, manifest, candles)));
  return { faults, objects };
}

/** The values of a manifest that follow from the candles: what, as computed, as the manifest has it. */
function figuresOf(period: Period, manifest: Manifest, candles: Candles): Fact[] {
  const { report, outputs, previousChain, head } = manifest;
  // A shard that lost all its candles hands on the chain that it was given.
  const chain = candles.length === 0 ? previousChain : chainOf(previousChain, candles, manifest.codeHash);
  const openTimes = candles.openTimeMs;
  const ends: Fact[] = [
    ['first open time of the report', timeText(openTimes[0]), timeText(report.firstOpenTimeMs)],
    ['last open time of the report', timeText(openTimes.at(-1)), timeText(report.lastOpenTimeMs)],
  ];
  return [
    ['chain, from the candles', manifest.chain, chain],
    ['hash of the first candles', head.sha256, hashHead(candles, head.candles).sha256],
    ['period of the report', period, report.period],
    ['candles of the report', candles.length, report.candles],
    ['labels of the report', outputs.labels.rows, report.labels],
    ...(candles.length === 0 ? [] : ends),
    ...TABLES.map((table): Fact => {
      return [`bytes of the ${table} in the report`, outputs[table].sizeBytes, report.sizeBytes[table]];
    }),
  ];
}

function hashInKey(key: string): string | undefined {
  return /([0-9a-f]{64})\.[a-z]+$/.exec(key)?.[1];
}
