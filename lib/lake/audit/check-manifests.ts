import { nominalMs } from '../../domain/interval.ts';
import { type Period, periodRange, periodsIn } from '../../domain/period.ts';
import { type Series, seriesPath } from '../../domain/series.ts';
import { sha256 } from '../../domain/sha256.ts';
import { DAY_MS } from '../../domain/time-range.ts';
import {
  checkpointPrefix,
  type LandingId,
  landingKey,
  manifestKey,
  manifestPrefix,
  TABLES,
  tablePrefix,
} from '../keys.ts';
import type { Manifest } from '../manifest/contract.ts';
import { checkShard } from './check-shard.ts';
import type { Findings } from './findings.ts';
import type { StandingShard } from './lake-series.ts';
import { LOOKS, lookAgain } from './look-again.ts';
import { readManifest } from './read-manifest.ts';
import { readReceiptKey } from './read-receipt-key.ts';
import { shardRemedy } from './remedies.ts';
import type { AuditWorld } from './world.ts';

const RUN_AGAIN = 'npx lake run makes it again from what landed';

export interface CheckedManifests {
  /** Shards that are as their manifests say. */
  readonly sound: readonly StandingShard[];
  /** Periods whose shard is to be made again. */
  readonly damaged: readonly Period[];
  /** Keys of the landed objects that manifests name. */
  readonly inputs: ReadonlySet<string>;
  readonly objects: number;
}

/** What the shards of a series are held against, and where it is said. */
interface Checking {
  readonly series: Series;
  /** Keys of landed bytes, by the periods that they bear on. */
  readonly landing: ReadonlyMap<Period, readonly LandingId[]>;
  /** First digits of the hash of each shard's manifest, by the records of versions. */
  readonly recorded: ReadonlyMap<Period, string>;
  readonly findings: Findings;
  readonly world: AuditWorld;
}

/** What came of one shard. */
interface CheckedShard {
  /** What the shard after it goes on from; undefined where nobody can say. */
  readonly chain: string | undefined;
  /** Undefined where there is none that is sound; what lies beside a sound one may be to be removed. */
  readonly sound?: StandingShard;
  readonly damaged: boolean;
  readonly inputs: readonly string[];
  readonly objects: number;
}

const NOTHING = { damaged: false, inputs: [], objects: 0 };

/** Holds everything published of a series against its manifests, and the manifests against each other. */
export async function checkManifests(
  series: Series,
  landingKeys: ReadonlySet<string>,
  findings: Findings,
  world: AuditWorld,
): Promise<CheckedManifests> {
  const shards = await readVouched(series, world);
  const landing = landedByPeriod(series, landingKeys);
  const recorded = await recordedVersions(series, world);
  const checking: Checking = { series, landing, recorded, findings, world };
  const sound: StandingShard[] = [];
  const damaged: Period[] = [];
  const inputs = new Set<string>();
  let objects = 0;
  let chain: string | undefined = '';
  for (const [period, published] of shards) {
    const checked: CheckedShard = await checkOne(checking, period, published, chain);
    if (checked.sound) sound.push(checked.sound);
    if (checked.damaged) damaged.push(period);
    for (const key of checked.inputs) inputs.add(key);
    objects += checked.objects;
    chain = checked.chain;
  }
  for (const period of recorded.keys()) {
    const key = manifestKey(series, period);
    // A run may have published a new shard meanwhile.
    if (shards.has(period) || (await world.store.get(key))) continue;
    const what = 'manifest of a shard that was published';
    findings.add('manifests', 'wrong', { place: key, what, expected: 'there', found: 'none', remedy: RUN_AGAIN });
  }
  return { sound, damaged, inputs, objects };
}

/** @param before what the shard before hands on; undefined where nobody can say */
async function checkOne(
  checking: Checking,
  period: Period,
  published: Published,
  before: string | undefined,
): Promise<CheckedShard> {
  const { manifest: first, stored } = published;
  if (!first) return nobodyVouches(checking, period, published, before);
  const { findings, landing, world } = checking;
  const checked = await checkTwice(checking, period, first, published.sha256);
  const { objects, manifest } = checked;
  if (!manifest) return { ...NOTHING, objects, chain: undefined };
  const faults = [...checked.faults, ...(await versionFaults(checking, period, checked.sha256))];
  for (const fault of faults) findings.add('manifests', 'wrong', { ...fault, remedy: shardRemedy(world) });
  const chained = isChained(checking, period, manifest, before);
  // What a damaged manifest says besides is not to be gone on, nor to be read.
  if (faults.length === 0) noteWhatIsKnown(checking, period, manifest, landing.get(period) ?? []);
  const alone = isAlone(checking, manifest, stored);
  return {
    chain: manifest.chain,
    ...(faults.length === 0 && chained && { sound: { period, manifest } }),
    damaged: faults.length > 0 || !chained || !alone,
    inputs: manifest.inputs.map(({ key }) => key),
    objects,
  };
}

/** What lies there without a manifest: of a shard that is to be made again, or of none. */
function nobodyVouches(
  { series, landing, findings, world }: Checking,
  period: Period,
  { why, stored }: Published,
  before: string | undefined,
): CheckedShard {
  if (why === 'none' && !landing.has(period)) {
    for (const place of stored) {
      const what = 'object that no manifest names and nothing landed for';
      const remedy = 'remove it by hand';
      findings.add('manifests', 'wrong', { place, what, expected: 'not there', found: 'there', remedy });
    }
    return { ...NOTHING, chain: before };
  }
  findings.add('manifests', 'wrong', {
    place: manifestKey(series, period),
    what: 'manifest that vouches for the shard',
    expected: 'there',
    found: why ?? 'none',
    // A run reads less of a manifest, and may go on from one that cannot be read here.
    remedy: why === 'none' || why === NOTHING_SAID ? RUN_AGAIN : shardRemedy(world),
  });
  return { ...NOTHING, damaged: true, chain: undefined };
}

/** Checks a shard, and once more where a run has replaced it meanwhile; no manifest where one is about to. */
async function checkTwice({ series, world }: Checking, period: Period, first: Manifest, firstSha256: string) {
  const key = manifestKey(series, period);
  let manifest = first;
  let hash = firstSha256;
  for (let look = 1; ; look++) {
    const checked = await checkShard({ period, manifest }, key, { series }, world);
    if (checked.faults.length === 0) return { ...checked, manifest, sha256: hash };
    const bytes = await world.store.get(key);
    const now = bytes && readManifest(bytes);
    if (now?.state === 'empty') return { faults: [], objects: checked.objects, manifest: undefined, sha256: '' };
    const same = !bytes || sha256(bytes) === hash;
    if (now?.state !== 'stands' || same || look === LOOKS) return { ...checked, manifest, sha256: hash };
    manifest = now.manifest;
    hash = sha256(bytes!);
  }
}

/** What speaks against a manifest that stands, by the records of versions: figures of a merge show nothing else. */
async function versionFaults(checking: Checking, period: Period, hash: string) {
  const place = manifestKey(checking.series, period);
  const version = checking.recorded.get(period);
  if (version === undefined) {
    return [{ place, what: 'record of the version that stands', expected: 'there', found: 'none' }];
  }
  if (!(await isUnrecorded(checking, period, hash, version))) return [];
  const what = 'sha256 of the manifest, by the record of its version';
  return [{ place, what, expected: version, found: hash.slice(0, version.length) }];
}

/** Whether the manifest that stands is not of the version recorded last. A run may have published one meanwhile. */
async function isUnrecorded(
  { series, world }: Checking,
  period: Period,
  hash: string,
  listed: string,
): Promise<boolean> {
  if (hash.startsWith(listed)) return false;
  const version = (await recordedVersions(series, world)).get(period);
  if (version !== undefined && hash.startsWith(version)) return false;
  const bytes = await world.store.get(manifestKey(series, period));
  return bytes !== undefined && sha256(bytes) === hash;
}

/** Whether a shard goes on from the one before, as far as that can be said. */
function isChained(
  { series, findings }: Checking,
  period: Period,
  { previousChain }: Manifest,
  before: string | undefined,
): boolean {
  if (before === undefined || previousChain === before) return true;
  findings.add('manifests', 'wrong', {
    place: manifestKey(series, period),
    what: 'chain of the shard before',
    expected: before === '' ? 'none' : before,
    found: previousChain === '' ? 'none' : previousChain,
    remedy: RUN_AGAIN,
  });
  return false;
}

/** Whether nothing lies beside what a manifest names. */
function isAlone({ findings, world }: Checking, { outputs, checkpoint }: Manifest, stored: readonly string[]): boolean {
  const named = new Set([...Object.values(outputs).map(({ key }) => key), checkpoint.key]);
  const strays = stored.filter((key) => !named.has(key));
  for (const place of strays) {
    const what = 'object that the manifest of its shard does not name';
    const remedy = shardRemedy(world);
    findings.add('manifests', 'wrong', { place, what, expected: 'not there', found: 'there', remedy });
  }
  return strays.length === 0;
}

function noteWhatIsKnown(
  { series, findings }: Checking,
  period: Period,
  manifest: Manifest,
  landed: readonly LandingId[],
): void {
  const inputs = new Set(manifest.inputs.map((input) => input.key));
  const ranges = landed.filter((id) => inputs.has(landingKey(id))).map(({ range }) => range);
  // What one of the inputs was asked for as well may be contained in it, which only refine can tell.
  const isWithin = ({ range }: LandingId) =>
    ranges.some(({ fromMs, toMs }) => fromMs <= range.fromMs && toMs >= range.toMs);
  const since = landed.filter((id) => !inputs.has(landingKey(id)) && !isWithin(id));
  if (since.length > 0) {
    findings.add('manifests', 'note', {
      place: manifestKey(series, period),
      what: 'objects that landed since the shard was made',
      expected: '0',
      found: String(since.length),
      remedy: '',
    });
  }
  const [sample] = manifest.report.conflictSamples;
  if (manifest.report.conflicts === 0 || !sample) return;
  const text = ({ value, source }: { value: number; source: string }) => `${sample.column} ${value} (${source})`;
  findings.add('reconcile', 'note', {
    place: new Date(sample.openTimeMs).toISOString(),
    what: `candles of ${period} on which what landed differs: ${manifest.report.conflicts}, this the first`,
    expected: text(sample.kept),
    found: text(sample.other),
    rule: RULE,
    remedy: '',
  });
}

/** Landed bytes that have a receipt, by the periods that they bear on. */
function landedByPeriod(series: Series, keys: ReadonlySet<string>): Map<Period, LandingId[]> {
  const byPeriod = new Map<Period, LandingId[]>();
  for (const key of keys) {
    if (!key.endsWith('.receipt.json')) continue;
    const id = readReceiptKey(series, key);
    if (!id) continue;
    const periods = nominalMs(series.interval) >= DAY_MS ? ['all'] : periodsIn(series.interval, id.range);
    for (const period of periods) byPeriod.set(period, [...(byPeriod.get(period) ?? []), id]);
  }
  return byPeriod;
}

/** How refine decides between two values of one candle. */
export const RULE = 'monthly beats daily beats REST; of one source, the one fetched later';

interface Published {
  readonly manifest: Manifest | undefined;
  /** Of the manifest's bytes. */
  readonly sha256: string;
  /** Why there is no manifest: `none`, or what is wrong with it. */
  readonly why?: string;
  /** Keys of the objects that lie there for the period. */
  readonly stored: readonly string[];
}

/** What is published, by period in the order of time; looked at again where a run may be about to vouch for it. */
function readVouched(series: Series, world: AuditWorld): Promise<Map<Period, Published>> {
  const isWaiting = ({ why }: Published) => why === 'none' || why === NOTHING_SAID;
  return lookAgain(
    () => readPublished(series, world),
    (shards) => ([...shards.values()].some(isWaiting) ? 'waiting' : 'stands'),
    world.clock,
  );
}

const NOTHING_SAID = 'null or a claim, as while a shard is being replaced';

async function readPublished(series: Series, { store }: AuditWorld): Promise<Map<Period, Published>> {
  const stored = new Map<Period, string[]>();
  const prefixes = [...TABLES.map((table) => tablePrefix(table, series)), checkpointPrefix(series)];
  for (const prefix of prefixes) {
    for (const { key } of await store.list(prefix)) {
      const period = periodOfKey(key);
      stored.set(period, [...(stored.get(period) ?? []), key]);
    }
  }
  const published = new Map<Period, Published>();
  for (const { key } of await store.list(manifestPrefix(series))) {
    const period = periodOfKey(key);
    const bytes = await store.get(key);
    const read = bytes && readManifest(bytes);
    const objects = { stored: stored.get(period) ?? [] };
    if (read?.state === 'stands')
      published.set(period, { manifest: read.manifest, sha256: sha256(bytes!), ...objects });
    else {
      const why = read?.state === 'unreadable' ? read.why : NOTHING_SAID;
      published.set(period, { manifest: undefined, sha256: '', why, ...objects });
    }
  }
  for (const [period, keys] of stored) {
    if (!published.has(period)) published.set(period, { manifest: undefined, sha256: '', why: 'none', stored: keys });
  }
  return new Map([...published].sort(([a], [b]) => beginOf(a) - beginOf(b)));
}

/** First digits of the hash of each shard's manifest, by the newest record of its versions; nothing where none is kept. */
async function recordedVersions(series: Series, { store }: AuditWorld): Promise<Map<Period, string>> {
  const recorded = new Map<Period, string>();
  // Records sort by the instant of publication.
  for (const { key } of await store.list(`versions/${seriesPath(series)}/`)) {
    const digits = /-([0-9a-f]{12})\.json$/.exec(key)?.[1];
    if (digits !== undefined) recorded.set(periodOfKey(key), digits);
  }
  return recorded;
}

function periodOfKey(key: string): Period {
  return /\/period=([^/]+)\//.exec(key)?.[1] ?? '';
}

/** Where a period stands in time; what is none (a stray object) comes first. */
function beginOf(period: Period): number {
  return /^(all|\d{4}(-\d{2})?)$/.test(period) ? periodRange(period).fromMs : Number.NEGATIVE_INFINITY;
}
