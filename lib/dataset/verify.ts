import { CorruptObject, UnexpectedFormat } from '../domain/errors.ts';
import { periodRange } from '../domain/period.ts';
import { type Series, seriesName } from '../domain/series.ts';
import { rebuild, rebuildVersion } from '../lake/as-of/rebuild.ts';
import { manifestKey, TABLES, versionsPrefix } from '../lake/keys.ts';
import { readManifest } from '../lake/manifest/manifest.ts';
import type { VersionRecord } from '../lake/versions/contract.ts';
import { type DatasetRecord, findDataset, type RecordedShard } from '../lake/versions/dataset-record.ts';
import { findVersion, listHistories } from '../lake/versions/shard-history.ts';
import type { ObjectStore } from '../ports.ts';
import type { DatasetRequest, EncodeTable } from './contract.ts';
import { makePack } from './dataset.ts';
import { identify } from './identify.ts';

export interface VerifyWorld {
  readonly lake: ObjectStore;
  /** Empty; what is rebuilt goes there. */
  readonly scratch: ObjectStore;
  /** Hashes of the code that is running: of what refines, and of what makes packs. */
  readonly codeHash: string;
  readonly datasetCodeHash: string;
  readonly encodeTable: EncodeTable;
}

/** Something that came out otherwise than it is recorded. */
export interface Difference {
  readonly what: string;
  readonly recorded: string;
  readonly found: string;
}

export interface OtherCode {
  readonly of: 'dataset' | 'shards';
  /** Hash of the code that made it, and of the code running. */
  readonly recorded: string;
  readonly running: string;
  /** Of the code that made the dataset, where it is known. */
  readonly commit?: string;
}

export interface VerifyReport {
  readonly id: string;
  readonly verified: boolean;
  /** Where other code made the dataset, or its shards, and alone can make them again. Nothing was rebuilt then. */
  readonly otherCode?: OtherCode;
  /** Tables, files and ids that were compared. */
  readonly compared: number;
  readonly shards: number;
  readonly files: number;
  readonly differences: readonly Difference[];
}

/**
 * Makes everything that a dataset id stands for again, from what the versions of its shards were made from and nothing else,
 * and compares the hashes, ledgers included.
 * @param given the id, or a beginning of it that is no other's
 * @throws BadInput where the lake does not record that id; what the stores throw, which makes no difference of the dataset
 */
export async function verify(given: string, world: VerifyWorld): Promise<VerifyReport> {
  const record = await findDataset(world.lake, given);
  const { id } = record;
  const named = record.shards.filter((shard) => shard.named);
  const files = record.files?.length ?? 0;
  const counts = { id, shards: named.length, files };
  const other = otherCode(record, named, world);
  if (other) return { ...counts, verified: false, otherCode: other, compared: 0, differences: [] };
  const differences: Difference[] = [];
  const compare = (what: string, recorded: string, found: string | undefined) => {
    if (found !== recorded) differences.push({ what, recorded, found: found ?? 'nothing' });
  };
  let compared = 0;
  for (const { series, shards } of bySeries(record.shards)) {
    try {
      await rebuildSeries(series, shards, world);
    } catch (error) {
      // A disk that is full, or a store that does not answer, says nothing of the dataset.
      if (!(error instanceof CorruptObject || error instanceof UnexpectedFormat)) throw error;
      compare(seriesName(series), 'shards', error.message);
    }
    for (const { period, outputs, named } of shards) {
      if (!named) continue;
      const manifest = await readManifest(world.scratch, series, period);
      for (const [table, recorded] of Object.entries(outputs)) {
        const found = manifest?.outputs[table as keyof typeof manifest.outputs]?.sha256;
        compare(`${seriesName(series)} ${period} ${table}`, recorded, found);
        compared++;
      }
    }
  }
  // Of other shards the pack is another.
  if (differences.length === 0) compared += await comparePack(record, world, compare);
  return { ...counts, verified: differences.length === 0, compared, differences };
}

/** The code that made the dataset or its shards, where it is not the one that is running. */
function otherCode(
  { codeHash, commit }: DatasetRecord,
  named: readonly RecordedShard[],
  world: VerifyWorld,
): OtherCode | undefined {
  const other = named.find((shard) => shard.codeHash !== world.codeHash);
  if (codeHash !== world.datasetCodeHash) {
    const made = { of: 'dataset', recorded: codeHash, running: world.datasetCodeHash } as const;
    return { ...made, ...(commit !== undefined && { commit }) };
  }
  return other && { of: 'shards', recorded: other.codeHash, running: world.codeHash };
}

/**
 * Makes the shards of one series again, all in one go: where each looked at the same landing. One that comes out otherwise so
 * is made by what it alone was made from.
 * @throws CorruptObject where a version or what it was made from is gone or damaged
 */
async function rebuildSeries(series: Series, shards: readonly RecordedShard[], world: VerifyWorld): Promise<void> {
  const { lake, scratch } = world;
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
    // With the record, for a manifest of no recorded version makes no dataset.
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

/** Compares the id, and where a pack was made each of its files. Returns how many things that are. */
async function comparePack(
  record: DatasetRecord,
  { scratch, datasetCodeHash, encodeTable }: VerifyWorld,
  compare: (what: string, recorded: string, found: string | undefined) => void,
): Promise<number> {
  const world = { store: scratch, out: NOWHERE, codeHash: datasetCodeHash, encodeTable };
  const identity = await identify(record.request as DatasetRequest, world);
  compare('dataset id', record.id, identity.id);
  if (!record.files) return 1;
  const { files } = await makePack(identity, world);
  const found = new Map(files.map(({ key, sha256 }) => [key, sha256]));
  for (const { key, sha256 } of record.files) compare(`pack ${key}`, sha256, found.get(key));
  return 1 + record.files.length;
}

/** Takes a pack whose hashes are all that is asked for. */
const NOWHERE: ObjectStore = {
  url: 'nowhere',
  get: async () => undefined,
  put: async () => '',
  list: async () => [],
};
