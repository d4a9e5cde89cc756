import type { Period } from '../../domain/period.ts';
import type { Series } from '../../domain/series.ts';
import { sha256 } from '../../domain/sha256.ts';
import type { ObjectStore } from '../../ports.ts';
import { isVersionFilesKey, parseKeptKey, parseVersionKey, versionKey, versionsPrefix } from '../keys.ts';
import type { VersionRecord } from '../versions/contract.ts';
import { readVersion } from '../versions/version-record.ts';
import type { AuditContext } from './audit-context.ts';
import { differs, type Findings, stray } from './findings.ts';
import { BY_HAND } from './remedies.ts';

/** The keys of a kept table with other bytes than were published, and of the record of its version. */
export interface DamagedTable {
  readonly key: string;
  readonly recordKey: string;
}

/** The fields of a record that the audit keeps in memory. Whole records list every input of their shard. */
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

interface CheckedRecords {
  /** Sound records by `nameOf` their version. */
  readonly sound: ReadonlyMap<string, SoundRecord>;
  readonly inputs: ReadonlySet<string>;
  /** Returns true if a version has a record, sound or damaged. */
  isRecorded(period: Period, manifestSha256: string): boolean;
}

const NOT_TO_BE_HAD = 'put it back from a copy of the lake: nothing else knows what it said';
/** The newest record is of the current shard, which can be published again. */
const RECORD_AGAIN = 'remove it by hand; npx lake audit --repair, then npx lake run, record the version again';
const REMAKE = 'npx lake audit --repair makes it again from what landed';

/**
 * Compares the records of a series' versions with their hashes and with each other, and the kept tables with the
 * records. A version that another one replaced or continues from must be recorded, because records are never removed.
 * Kept tables may have been pruned.
 */
export async function checkVersions(
  series: Series,
  findings: Findings,
  { store }: AuditContext,
): Promise<CheckedVersions> {
  const keys = (await store.list(versionsPrefix(series))).map(({ key }) => key);
  const records = await checkRecords(keys, store, findings);
  findUnrecorded(series, records, findings);
  const tables = await checkTables(keys, records, store, findings);
  const recordCount = keys.filter((key) => parseVersionKey(key)).length;
  return { damaged: tables.damaged, inputs: records.inputs, objects: recordCount + tables.objects };
}

/** Reads every record. A damaged one is reported. */
async function checkRecords(keys: readonly string[], store: ObjectStore, findings: Findings): Promise<CheckedRecords> {
  const sound = new Map<string, SoundRecord>();
  const damagedNames = new Set<string>();
  const inputs = new Set<string>();
  const ids = keys.flatMap((key) => parseVersionKey(key) ?? []);
  // Keys of records are in the order of publication.
  const newest = new Map(ids.map((id) => [id.period, versionKey(id)]));
  const lists = new Map<string, Promise<Uint8Array | undefined>>();
  for (const id of ids) {
    const key = versionKey(id);
    const { period } = id;
    const record = await readVersion(store, key, lists);
    if (record) {
      const { manifest, manifestSha256, replaces, follows } = record;
      const links = { ...(replaces !== undefined && { replaces }), ...(follows && { follows }) };
      for (const input of manifest.inputs) inputs.add(input.key);
      sound.set(nameOf(period, manifestSha256), { key, period, manifestSha256, outputs: manifest.outputs, ...links });
    } else {
      damagedNames.add(nameOf(period, id.manifest12));
      const fault = differs(key, 'record of a version', 'of the hash and the name that it bears', 'another');
      findings.wrong('versions', fault, newest.get(period) === key ? RECORD_AGAIN : NOT_TO_BE_HAD);
    }
  }
  const isRecorded = (period: Period, manifestSha256: string) =>
    sound.has(nameOf(period, manifestSha256)) || damagedNames.has(nameOf(period, manifestSha256.slice(0, 12)));
  return { sound, inputs, isRecorded };
}

/** Reports versions that a sound record names and that have no record. */
function findUnrecorded(series: Series, { sound, isRecorded }: CheckedRecords, findings: Findings): void {
  for (const { period, manifestSha256, replaces, follows } of sound.values()) {
    const named = [replaces === undefined ? undefined : { period, manifestSha256: replaces }, follows];
    for (const other of named) {
      if (!other || isRecorded(other.period, other.manifestSha256)) continue;
      const what = `record of the version before ${manifestSha256.slice(0, 12)} of ${period}`;
      const fault = differs(versionsPrefix(series, other.period), what, other.manifestSha256, 'none');
      findings.wrong('versions', fault, NOT_TO_BE_HAD);
    }
  }
}

/** Compares the kept tables with the records of their versions. */
async function checkTables(
  keys: readonly string[],
  { sound, isRecorded }: CheckedRecords,
  store: ObjectStore,
  findings: Findings,
): Promise<Pick<CheckedVersions, 'damaged' | 'objects'>> {
  const damaged: DamagedTable[] = [];
  let objects = 0;
  for (const key of keys) {
    if (parseVersionKey(key) || isVersionFilesKey(key)) continue;
    const kept = parseKeptKey(key);
    const version = kept && sound.get(nameOf(kept.period, kept.manifestSha256));
    if (!version) {
      // If the record of its version is damaged, that is reported already.
      if (kept && isRecorded(kept.period, kept.manifestSha256)) continue;
      findings.wrong('versions', stray(key, 'object that is of no recorded version'), BY_HAND);
      continue;
    }
    const bytes = await store.get(key);
    // It was pruned meanwhile.
    if (!bytes) continue;
    objects++;
    const [expected, found] = [version.outputs[kept.table]?.sha256 ?? 'none', sha256(bytes)];
    if (found === expected) continue;
    damaged.push({ key, recordKey: version.key });
    findings.wrong('versions', differs(key, 'sha256 of a kept table', expected, found), REMAKE);
  }
  return { damaged, objects };
}

function nameOf(period: Period, manifestDigits: string): string {
  return `${period} ${manifestDigits}`;
}
