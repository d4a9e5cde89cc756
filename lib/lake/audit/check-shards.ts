import { type Period, periodRange } from '../../domain/period.ts';
import { sha256 } from '../../domain/sha256.ts';
import type { Subject } from '../../domain/subject.ts';
import type { ObjectStore } from '../../ports.ts';
import { manifestKey, manifestPrefix } from '../keys.ts';
import type { ManifestRead } from '../manifest/manifest.ts';
import { listPublished, type Published } from '../manifest/replace-shard.ts';
import type { AuditContext } from './audit-context.ts';
import type { Check } from './contract.ts';
import { type Fault, type Findings, stray } from './findings.ts';
import type { LandedByPeriod } from './landed-by-period.ts';
import { BY_HAND, rerunRemedy, shardRemedy } from './remedies.ts';

/** A shard that is as its manifest lists it. */
export interface SoundShard<M> {
  readonly period: Period;
  readonly manifest: M;
  /** The state that it continues from; undefined if the shard before is damaged. */
  readonly before: string | undefined;
}

export interface CheckedShards<M> {
  /** In the order of time. */
  readonly sound: readonly SoundShard<M>[];
  /** Periods whose shard must be rebuilt. */
  readonly damaged: readonly Period[];
  /** Every period that has an object or a manifest. */
  readonly periods: ReadonlySet<Period>;
  /** Keys of the landed objects, or of their receipts, that manifests list. */
  readonly inputs: ReadonlySet<string>;
  readonly objects: number;
}

/** A fault of a shard, with its check and remedy if they are not the usual ones. */
export interface ShardFault extends Fault {
  readonly check?: Check;
  readonly remedy?: string;
}

/** The shard that a manifest describes, and where the manifest was found. */
export interface FoundShard<M> {
  readonly key: string;
  readonly period: Period;
  readonly manifest: M;
  readonly manifestSha256: string;
  /** The state that the shard before hands on: `''` for the first shard, undefined if the shard before is damaged. */
  readonly before: string | undefined;
}

/** The differences between the shards of candles and those of a stream. */
export interface ShardRules<M> {
  readonly subject: Subject;
  /** Prefixes of tables and checkpoints. */
  readonly prefixes: readonly string[];
  readonly landed: LandedByPeriod;
  /** Periods that must have a manifest, besides those that have an object. */
  readonly expected: Iterable<Period>;
  parse(bytes: Uint8Array): ManifestRead<M>;
  /** Keys of the objects that the manifest lists. */
  outputsOf(manifest: M): readonly string[];
  inputsOf(manifest: M): readonly string[];
  /** The state that the next shard continues from. */
  handsOn(manifest: M): string;
  check(shard: FoundShard<M>): Promise<{ readonly faults: readonly ShardFault[]; readonly objects: number }>;
}

/** A run replaces a shard within seconds. After this time a shard without a whole manifest is read again. */
const LOOK_AGAIN_MS = 10_000;
const MOST_LOOKS = 3;

const NO_MANIFEST = 'none';
const BEING_REPLACED = 'null or a claim, as while a shard is being replaced';

/**
 * Compares everything that is published of a series or a stream with its manifests, and the manifests with each other.
 * If a run has published something meanwhile, what looked like a fault may be none, so everything is checked again.
 * @param open reads the state of the lake that the rules depend on; called before each look
 */
export async function checkShards<M>(
  open: () => Promise<ShardRules<M>>,
  findings: Findings,
  { store, clock, repair }: AuditContext,
): Promise<CheckedShards<M>> {
  for (let look = 1; ; look++) {
    const rules = await open();
    const published = await listOf(rules, store);
    const shards = await readShards(rules, published, store);
    if (look < MOST_LOOKS && shards.some(isWaiting)) {
      await clock.sleep(LOOK_AGAIN_MS);
      continue;
    }
    const { faults, ...checked } = await checkAll(rules, shards, repair);
    if (faults.length === 0 || look === MOST_LOOKS || isSame(published, await listOf(rules, store))) {
      for (const { check = 'manifests', remedy, ...fault } of faults) findings.wrong(check, fault, remedy);
      return checked;
    }
  }
}

/** One period as it is stored. */
interface StoredShard<M> {
  readonly period: Period;
  readonly read: ManifestRead<M> | undefined;
  readonly manifestSha256: string;
  /** Keys of its tables and its checkpoint. */
  readonly objects: readonly string[];
}

function listOf({ subject, prefixes }: ShardRules<unknown>, store: ObjectStore): Promise<Published> {
  return listPublished(store, [manifestPrefix(subject), ...prefixes]);
}

function isSame(one: Published, other: Published): boolean {
  return one.size === other.size && [...one].every(([key, { tag }]) => other.get(key)?.tag === tag);
}

/** A run may be about to publish the manifest. */
function isWaiting({ read }: StoredShard<unknown>): boolean {
  return read?.state !== 'whole' && read?.state !== 'unreadable';
}

/** Reads the manifests of all periods, in the order of time. */
async function readShards<M>(
  { subject, expected, parse }: ShardRules<M>,
  published: Published,
  store: ObjectStore,
): Promise<StoredShard<M>[]> {
  const objects = new Map<Period, string[]>([...expected].map((period) => [period, []]));
  for (const key of published.keys()) {
    const period = /\/period=([^/]+)\//.exec(key)?.[1] ?? '';
    const own = objects.get(period) ?? [];
    objects.set(period, own);
    if (!key.startsWith(manifestPrefix(subject))) own.push(key);
  }
  const shards: StoredShard<M>[] = [];
  for (const period of [...objects.keys()].sort((a, b) => beginOf(a) - beginOf(b))) {
    const bytes = await store.get(manifestKey(subject, period));
    shards.push({
      period,
      read: bytes && parse(bytes),
      manifestSha256: bytes ? sha256(bytes) : '',
      objects: objects.get(period)!,
    });
  }
  return shards;
}

/** Returns the begin of a period in epoch milliseconds. The name of a stray folder is no period and sorts first. */
function beginOf(period: Period): number {
  return /^(all|\d{4}(-\d{2})?)$/.test(period) ? periodRange(period).fromMs : Number.NEGATIVE_INFINITY;
}

interface CheckedWithFaults<M> extends CheckedShards<M> {
  readonly faults: readonly (ShardFault & { readonly remedy: string })[];
}

async function checkAll<M>(
  rules: ShardRules<M>,
  shards: readonly StoredShard<M>[],
  repair: boolean | undefined,
): Promise<CheckedWithFaults<M>> {
  const { subject, landed } = rules;
  const faults: (ShardFault & { readonly remedy: string })[] = [];
  const sound: SoundShard<M>[] = [];
  const damaged: Period[] = [];
  const inputs = new Set<string>();
  let objects = 0;
  let before: string | undefined = '';
  for (const { period, read, manifestSha256, objects: stored } of shards) {
    const key = manifestKey(subject, period);
    const add = (fault: ShardFault) => faults.push({ remedy: shardRemedy(subject, repair), ...fault });
    if (read?.state !== 'whole') {
      if (!read && !landed.has(period)) {
        const what = 'object that no manifest names and nothing landed for';
        for (const place of stored) add({ ...stray(place, what), remedy: BY_HAND });
        continue;
      }
      const fault = { place: key, what: 'whole manifest of the shard', expected: 'there', found: whyOf(read) };
      add(read?.state === 'unreadable' ? fault : { ...fault, remedy: rerunRemedy(subject) });
      damaged.push(period);
      before = undefined;
      continue;
    }
    const { manifest } = read;
    const checked = await rules.check({ key, period, manifest, manifestSha256, before });
    checked.faults.forEach(add);
    objects += checked.objects;
    const listed = new Set(rules.outputsOf(manifest));
    const strays = stored.filter((place) => !listed.has(place));
    for (const place of strays) add(stray(place, 'object that the manifest of its shard does not name'));
    for (const input of rules.inputsOf(manifest)) inputs.add(input);
    if (checked.faults.length === 0) sound.push({ period, manifest, before });
    if (checked.faults.length + strays.length > 0) damaged.push(period);
    before = checked.faults.length === 0 ? rules.handsOn(manifest) : undefined;
  }
  return { sound, damaged, periods: new Set(shards.map(({ period }) => period)), inputs, objects, faults };
}

function whyOf(read: ManifestRead<unknown> | undefined): string {
  if (!read) return NO_MANIFEST;
  return read.state === 'unreadable' ? read.why : BEING_REPLACED;
}
