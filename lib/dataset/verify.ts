import { CorruptObject, UnexpectedFormat } from '../domain/errors.ts';
import { periodRange } from '../domain/period.ts';
import { type Series, seriesName } from '../domain/series.ts';
import { TABLES } from '../domain/tables.ts';
import { rebuild, rebuildVersion } from '../lake/as-of/rebuild.ts';
import { manifestKey, versionsPrefix } from '../lake/keys.ts';
import { readManifest } from '../lake/manifest/manifest.ts';
import type { VersionRecord } from '../lake/versions/contract.ts';
import { type DatasetRecord, findDataset, type RecordedShard } from '../lake/versions/dataset-record.ts';
import { findVersion, listHistories } from '../lake/versions/shard-history.ts';
import type { ObjectStore } from '../ports.ts';
import type { DatasetRequest, EncodeTable } from './contract.ts';
import { makePack } from './dataset.ts';
import { identify } from './identify.ts';

interface VerifyContext {
  readonly lake: ObjectStore;
  /** An empty store, which receives what is rebuilt. */
  readonly scratch: ObjectStore;
  /** Hashes of the code that runs: of the code that makes candle shards, and of the code that makes packs. */
  readonly codeHash: string;
  readonly datasetCodeHash: string;
  readonly encodeTable: EncodeTable;
}

/** A hash that differs from the recorded one. */
interface Difference {
  readonly what: string;
  readonly recorded: string;
  readonly found: string;
}

interface OtherCode {
  readonly of: 'dataset' | 'shards';
  /** Hash of the code that made it, and of the code that runs. */
  readonly recorded: string;
  readonly running: string;
  /** The commit of the code that made it, if it is known. */
  readonly commit?: string;
}

export interface VerifyReport {
  readonly id: string;
  readonly verified: boolean;
  /** Set if other code made the dataset or its shards, so that nothing was rebuilt. */
  readonly otherCode?: OtherCode;
  /** Tables, files and ids that were compared. */
  readonly compared: number;
  readonly shards: number;
  readonly files: number;
  readonly differences: readonly Difference[];
}

/**
 * Rebuilds everything that a dataset id names, ledgers included, and compares the hashes. It reads only what the
 * versions of the shards were made from.
 * @param given the id, or the first digits of it if no other id has them
 * @throws BadInput if the lake has no record of that id; errors of the stores, which are no evidence about the dataset
 */
export async function verify(given: string, context: VerifyContext): Promise<VerifyReport> {
  const record = await findDataset(context.lake, given);
  const { id } = record;
  const named = record.shards.filter((shard) => shard.named);
  const files = record.files?.length ?? 0;
  const counts = { id, shards: named.length, files };
  const other = otherCode(record, named, context);
  if (other) return { ...counts, verified: false, otherCode: other, compared: 0, differences: [] };
  const differences: Difference[] = [];
  const compare = (what: string, recorded: string, found: string | undefined) => {
    if (found !== recorded) differences.push({ what, recorded, found: found ?? 'nothing' });
  };
  let compared = 0;
  for (const { series, shards } of bySeries(record.shards)) {
    try {
      await rebuildSeries(series, shards, context);
    } catch (error) {
      // A full disk or a store that does not answer is no evidence about the dataset.
      if (!(error instanceof CorruptObject || error instanceof UnexpectedFormat)) throw error;
      compare(seriesName(series), 'shards', error.message);
    }
    for (const { period, outputs, named } of shards) {
      if (!named) continue;
      const manifest = await readManifest(context.scratch, series, period);
      for (const [table, recorded] of Object.entries(outputs)) {
        const found = manifest?.outputs[table as keyof typeof manifest.outputs]?.sha256;
        compare(`${seriesName(series)} ${period} ${table}`, recorded, found);
        compared++;
      }
    }
  }
  // If a shard differs, the pack must differ too, so it is not compared.
  if (differences.length === 0) compared += await comparePack(record, context, compare);
  return { ...counts, verified: differences.length === 0, compared, differences };
}

/** Returns the code that made the dataset or its shards, if it is not the code that runs. */
function otherCode(
  { codeHash, shardCodeHash, commit }: DatasetRecord,
  named: readonly RecordedShard[],
  context: VerifyContext,
): OtherCode | undefined {
  const known = commit !== undefined && { commit };
  if (codeHash !== context.datasetCodeHash) {
    return { of: 'dataset', recorded: codeHash, running: context.datasetCodeHash, ...known };
  }
  const other = named.find((shard) => shard.codeHash !== context.codeHash);
  if (!other) return undefined;
  // The commit is that of the dataset. It made the shards only if its code for shards has their hash.
  const isOfCommit = other.codeHash === shardCodeHash;
  return { of: 'shards', recorded: other.codeHash, running: context.codeHash, ...(isOfCommit && known) };
}

/**
 * Rebuilds the shards of one series in one pass, as if all of them had used the same landing objects. A shard that
 * differs is rebuilt from its own inputs.
 * @throws CorruptObject if a version or an input of it is missing or damaged
 */
async function rebuildSeries(series: Series, shards: readonly RecordedShard[], context: VerifyContext): Promise<void> {
  const { lake, scratch } = context;
  const histories = await listHistories(lake, versionsPrefix(series));
  const versions: VersionRecord[] = [];
  for (const shard of shards) {
    const version = await findVersion(lake, histories, series, shard);
    if (version) versions.push(version);
    else throw new CorruptObject(`version ${shard.manifestSha256} of ${shard.period} is not recorded in ${lake.url}`);
  }
  const until = shards.findLast(({ named }) => named)!.period;
  await rebuild({ series, versions, until }, lake, scratch);
  for (const version of versions) {
    const { period, outputs } = version.manifest;
    if (periodRange(period).fromMs > periodRange(until).fromMs) break;
    const made = await readManifest(scratch, series, period);
    const same = TABLES.every((table) => made?.outputs[table].sha256 === outputs[table].sha256);
    if (same) continue;
    const alone = await rebuildVersion(lake, version);
    // The record is copied too, because a dataset needs shards with a recorded version.
    const records = await alone.list(versionsPrefix(series, period));
    for (const { key } of [...Object.values(outputs), ...records, { key: manifestKey(series, period) }]) {
      const bytes = await alone.get(key);
      if (bytes) await scratch.put(key, bytes);
    }
  }
}

function bySeries(shards: readonly RecordedShard[]): { series: Series; shards: RecordedShard[] }[] {
  const found = new Map<string, { series: Series; shards: RecordedShard[] }>();
  for (const shard of shards) {
    const { series } = shard;
    const one = found.get(seriesName(series)) ?? { series, shards: [] };
    found.set(seriesName(series), one);
    one.shards.push(shard);
  }
  return [...found.values()];
}

/** Compares the id, and each file of the pack if there is one. Returns the number of comparisons. */
async function comparePack(
  record: DatasetRecord,
  { scratch, datasetCodeHash, encodeTable }: VerifyContext,
  compare: (what: string, recorded: string, found: string | undefined) => void,
): Promise<number> {
  const context = { store: scratch, out: NOWHERE, codeHash: datasetCodeHash, encodeTable };
  const identity = await identify(record.request as DatasetRequest, context);
  compare('dataset id', record.id, identity.id);
  if (!record.files) return 1;
  const { files } = await makePack(identity, context);
  const found = new Map(files.map(({ key, sha256 }) => [key, sha256]));
  for (const { key, sha256 } of record.files) compare(`pack ${key}`, sha256, found.get(key));
  return 1 + record.files.length;
}

/** Drops a pack of which only the hashes are needed. */
const NOWHERE: ObjectStore = {
  url: 'nowhere',
  get: async () => undefined,
  put: async () => '',
  list: async () => [],
};
