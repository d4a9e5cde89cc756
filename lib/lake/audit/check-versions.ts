import type { Period } from '../../domain/period.ts';
import { type Series, seriesPath } from '../../domain/series.ts';
import { sha256 } from '../../domain/sha256.ts';
import {
  isVersionFilesKey,
  parseKeptKey,
  parseVersionKey,
  VERSIONS_PREFIX,
  versionKey,
  versionsPrefix,
} from '../keys.ts';
import type { VersionRecord } from '../versions/contract.ts';
import type { Findings } from './findings.ts';
import type { AuditWorld } from './world.ts';

/** A kept table that is not what was published, and the record of the version that it is of, by their keys. */
export interface DamagedTable {
  readonly key: string;
  readonly recordKey: string;
}

/** What is needed of a record; a whole one names all that went into its shard, and there are many. */
interface SoundRecord extends Pick<VersionRecord, 'manifestSha256' | 'replaces' | 'follows'> {
  readonly key: string;
  readonly period: Period;
  readonly outputs: VersionRecord['manifest']['outputs'];
}

export interface CheckedVersions {
  readonly damaged: readonly DamagedTable[];
  /** Keys of the landed objects that versions were made from. */
  readonly inputs: ReadonlySet<string>;
  readonly objects: number;
}

const NOT_TO_BE_HAD = 'put it back from a copy of the lake: nothing else knows what it said';
/** The newest is of the shard that stands, which can be published again. */
const RECORD_AGAIN = 'remove it by hand; npx lake audit --repair, then npx lake run, record the version again';
const REMAKE = 'npx lake audit --repair makes it again from what landed';
const BY_HAND = 'remove it by hand';

/**
 * Holds the records of the versions of a series against their own hashes and against each other, and the kept tables against
 * the records: every version that one replaced or goes on from is recorded as well, for records are never removed. Kept
 * tables may have been pruned.
 */
export async function checkVersions(
  series: Series,
  findings: Findings,
  { store, readers }: AuditWorld,
): Promise<CheckedVersions> {
  const keys = (await store.list(`${VERSIONS_PREFIX}${seriesPath(series)}/`)).map(({ key }) => key);
  const wrong = (place: string, what: string, expected: string, found: string, remedy: string) =>
    findings.add('versions', 'wrong', { place, what, expected, found, remedy });
  const sound = new Map<string, SoundRecord>();
  const damagedNames = new Set<string>();
  const inputs = new Set<string>();
  // Records sort by the instant of publication.
  const newest = new Map(keys.flatMap((key) => parseVersionKey(key) ?? []).map((id) => [id.period, versionKey(id)]));
  const lists = new Map<string, Promise<Uint8Array | undefined>>();
  let objects = 0;
  for (const key of keys) {
    const id = parseVersionKey(key);
    if (!id) continue;
    objects++;
    const record = await readers.readVersion(store, key, lists);
    if (record) {
      const { manifest, manifestSha256, replaces, follows } = record;
      const links = { ...(replaces !== undefined && { replaces }), ...(follows && { follows }) };
      const { period } = id;
      for (const input of manifest.inputs) inputs.add(input.key);
      sound.set(nameOf(period, manifestSha256), { key, period, manifestSha256, outputs: manifest.outputs, ...links });
    } else {
      damagedNames.add(nameOf(id.period, id.manifest12));
      const remedy = newest.get(id.period) === key ? RECORD_AGAIN : NOT_TO_BE_HAD;
      wrong(key, 'record of a version', 'of the hash and the name that it bears', 'another', remedy);
    }
  }
  const isRecorded = (period: Period, manifestSha256: string) =>
    sound.has(nameOf(period, manifestSha256)) || damagedNames.has(nameOf(period, manifestSha256.slice(0, 12)));

  for (const { period, manifestSha256, replaces, follows } of sound.values()) {
    const named = [replaces === undefined ? undefined : { period, manifestSha256: replaces }, follows];
    for (const other of named) {
      if (!other || isRecorded(other.period, other.manifestSha256)) continue;
      const what = `record of the version before ${manifestSha256.slice(0, 12)} of ${period}`;
      wrong(versionsPrefix(series, other.period), what, other.manifestSha256, 'none', NOT_TO_BE_HAD);
    }
  }

  const damaged: DamagedTable[] = [];
  for (const key of keys) {
    if (parseVersionKey(key) || isVersionFilesKey(key)) continue;
    const kept = parseKeptKey(key);
    const version = kept && sound.get(nameOf(kept.period, kept.manifestSha256));
    if (!version) {
      // Of a version whose record is damaged nobody can say what it ought to be; that is told already.
      if (kept && isRecorded(kept.period, kept.manifestSha256)) continue;
      wrong(key, 'object that is of no recorded version', 'not there', 'there', BY_HAND);
      continue;
    }
    const bytes = await store.get(key);
    // Pruned meanwhile.
    if (!bytes) continue;
    objects++;
    const [expected, found] = [version.outputs[kept.table]?.sha256 ?? 'none', sha256(bytes)];
    if (found === expected) continue;
    damaged.push({ key, recordKey: version.key });
    wrong(key, 'sha256 of a kept table', expected, found, REMAKE);
  }
  return { damaged, inputs, objects };
}

function nameOf(period: Period, manifestDigits: string): string {
  return `${period} ${manifestDigits}`;
}
