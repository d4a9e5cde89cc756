import type { Period } from '../../../domain/period.ts';
import { periodRange } from '../../../domain/period.ts';
import { sha256 } from '../../../domain/sha256.ts';
import { type Stream, streamTitle } from '../../../domain/stream.ts';
import { streamPeriodsIn } from '../../../domain/stream-times.ts';
import { landingPrefix, manifestKey, manifestPrefix, parseReceiptKey } from '../../keys.ts';
import { sightingsByPeriod } from '../../landing/sightings.ts';
import type { StreamManifest } from '../../manifest/contract.ts';
import { parseSightingKey, sightingKey, streamTableKey, streamTablePrefix } from '../../stream-keys.ts';
import type { Check, Finding } from '../contract.ts';
import type { AuditWorld } from '../world.ts';
import { readStreamManifest } from './read-stream-manifest.ts';
import { readStreamRows } from './read-stream-rows.ts';
import { faultsOfRows } from './stream-rows.ts';

/** A shard that is as its manifest says. */
export interface SoundStreamShard {
  readonly period: Period;
  readonly manifest: StreamManifest;
  /** What the shard before hands on; undefined where that one is not as it should be. */
  readonly carry: string | undefined;
  /** Receipts that bear on the period and that its manifest does not name. */
  readonly landedSince: number;
}

export interface CheckedStreamShards {
  readonly sound: readonly SoundStreamShard[];
  /** Periods whose shard is to be made again. */
  readonly damaged: readonly Period[];
  /** Keys of the receipts that manifests name. */
  readonly inputs: ReadonlySet<string>;
  readonly objects: number;
  readonly faults: readonly StreamFault[];
  /** Whether a run may be about to vouch for something that nobody vouches for now. */
  readonly waiting: boolean;
  /** sha256 over all that was read: where it is another later, a run was under way. */
  readonly seen: string;
}

export type StreamFault = Omit<Finding, 'severity' | 'series'>;

const RUN_AGAIN = 'npx lake run --streams makes it again from what landed';
const DISTRUST = 'npx lake audit --repair, then npx lake run --streams';

/** Holds everything published of a stream against its manifests, the rows of its tables, and the manifests against each other. */
export async function checkStreamShards(stream: Stream, world: AuditWorld): Promise<CheckedStreamShards> {
  const { store } = world;
  const stored = byPeriod((await store.list(streamTablePrefix(stream))).map(({ key }) => key));
  const manifests = byPeriod((await store.list(manifestPrefix(stream))).map(({ key }) => key));
  const landing = await landedByPeriod(stream, world);
  const faults: StreamFault[] = [];
  const sound: SoundStreamShard[] = [];
  const damaged: Period[] = [];
  const inputs = new Set<string>();
  const seen: string[] = [];
  let waiting = false;
  let objects = 0;
  let carry: string | undefined = '';
  // Every period that something landed for has a manifest, also without rows; without it nothing tells of its shard.
  for (const period of periodsOf(stored, manifests, landing)) {
    const key = manifestKey(stream, period);
    const bytes = await store.get(key);
    const read = bytes && readStreamManifest(bytes);
    const objectKeys = stored.get(period) ?? [];
    seen.push(key, bytes ? sha256(bytes) : '');
    if (read?.state !== 'stands') {
      if (!read && !landing.has(period)) {
        const what = 'object that no manifest names and nothing landed for';
        for (const place of objectKeys) wrong('manifests', place, what, 'not there', 'there', 'remove it by hand');
        continue;
      }
      const found = !read
        ? 'none'
        : read.state === 'empty'
          ? 'null or a claim, as while a shard is being replaced'
          : read.why;
      waiting ||= read?.state !== 'unreadable';
      // A run reads less of a manifest, and may go on from one that cannot be read here.
      const remedy = read?.state === 'unreadable' ? DISTRUST : RUN_AGAIN;
      wrong('manifests', key, 'manifest that vouches for the shard', 'there', found, remedy);
      damaged.push(period);
      carry = undefined;
      continue;
    }
    const { manifest } = read;
    const before = faults.length;
    checkManifest(period, manifest, carry);
    await checkTable(period, manifest);
    for (const place of objectKeys) {
      if (place === manifest.output?.key) continue;
      const what = 'object that the manifest of its shard does not name';
      wrong('manifests', place, what, 'not there', 'there', DISTRUST);
    }
    for (const input of manifest.inputs) inputs.add(input);
    const landedSince = countLandedSince(stream, manifest, landing.get(period) ?? []);
    if (faults.length > before) damaged.push(period);
    else sound.push({ period, manifest, carry, landedSince });
    carry = faults.length > before ? undefined : manifest.carry;
  }
  return { sound, damaged, inputs, objects, faults, waiting, seen: sha256(seen.join('\n')) };

  function wrong(check: Check, place: string, what: string, expected: string, found: string, remedy: string): void {
    faults.push({ check, place, what, expected, found, remedy });
  }

  function compare(place: string, what: string, expected: unknown, found: unknown): void {
    if (expected !== found) wrong('manifests', place, what, String(expected), String(found), DISTRUST);
  }

  function checkManifest(period: Period, manifest: StreamManifest, handedOn: string | undefined): void {
    const key = manifestKey(stream, period);
    const { output, report } = manifest;
    objects++;
    compare(key, 'stream of the manifest', streamTitle(stream), streamTitle(manifest.stream));
    compare(key, 'period of the manifest', period, manifest.period);
    compare(key, 'period of the report', period, report.period);
    compare(key, 'rows of the report', output?.rows ?? 0, report.rows);
    compare(key, 'bytes of the report', output?.sizeBytes ?? 0, report.sizeBytes);
    if (output) compare(key, 'key of the table', streamTableKey(stream, period), output.key);
    const strange = manifest.inputs.find((input) => !isReceiptOf(stream, input));
    compare(key, 'receipt among the inputs that is none of the stream', undefined, strange);
    const lost = (manifest.superseded ?? []).find((input) => !manifest.inputs.includes(input));
    compare(key, 'superseded input that is none of the inputs', undefined, lost);
    if (handedOn === undefined) return;
    compare(key, 'sha256 of what the shard before hands on', sha256(handedOn), manifest.before);
  }

  async function checkTable(period: Period, { output, report }: StreamManifest): Promise<void> {
    if (!output) return;
    const key = streamTableKey(stream, period);
    const bytes = await store.get(key);
    seen.push(bytes ? sha256(bytes) : '');
    if (!bytes) return compare(key, 'object', 'there', 'not there');
    objects++;
    compare(key, 'sha256', output.sha256, sha256(bytes));
    if (sha256(bytes) !== output.sha256) return;
    compare(key, 'bytes', output.sizeBytes, bytes.length);
    try {
      const rows = await readStreamRows(stream, bytes);
      compare(key, 'rows', output.rows, rows.length);
      for (const { what, expected, found } of faultsOfRows(stream, period, rows, report)) {
        wrong('rows', key, what, expected, found, DISTRUST);
      }
    } catch (error) {
      // Bytes that have the hash of a damaged manifest may be anything; the reader throws what it will.
      wrong('manifests', key, 'form of the object', 'Parquet', (error as Error).message, DISTRUST);
    }
  }
}

function isReceiptOf(stream: Stream, key: string): boolean {
  return parseSightingKey(stream, key) !== undefined || receiptOf(stream, key) !== undefined;
}

function receiptOf(stream: Stream, key: string) {
  try {
    return parseReceiptKey(stream, key);
  } catch {
    return undefined;
  }
}

/**
 * Counts the receipts that a manifest does not name. Those in the range of a named input do not count, because that input
 * contains them: refine does not name what changes nothing.
 */
function countLandedSince(stream: Stream, { inputs }: StreamManifest, landed: readonly string[]): number {
  const named = new Set(inputs);
  const ranges = inputs.flatMap((key) => receiptOf(stream, key)?.range ?? []);
  return landed.filter((key) => {
    const range = receiptOf(stream, key)?.range;
    return !named.has(key) && !(range && ranges.some((one) => one.fromMs <= range.fromMs && one.toMs >= range.toMs));
  }).length;
}

/** Returns the keys of the receipts that count for each period. */
async function landedByPeriod(stream: Stream, { store }: AuditWorld): Promise<Map<Period, string[]>> {
  const keys = (await store.list(landingPrefix(stream))).map(({ key }) => key);
  const sightings = sightingsByPeriod(stream, keys);
  const landed = new Map([...sightings].map(([period, own]) => [period, own.map(sightingKey)]));
  for (const key of keys) {
    const id = receiptOf(stream, key);
    const periods = id ? streamPeriodsIn(stream, id.range) : [];
    for (const period of periods) landed.set(period, [...(landed.get(period) ?? []), key]);
  }
  return landed;
}

function byPeriod(keys: readonly string[]): Map<Period, string[]> {
  const periods = new Map<Period, string[]>();
  for (const key of keys) {
    const period = /\/period=([^/]+)\//.exec(key)?.[1] ?? '';
    periods.set(period, [...(periods.get(period) ?? []), key]);
  }
  return periods;
}

/** In the order of time; what is no period (a stray object) comes first. */
function periodsOf(...maps: readonly ReadonlyMap<Period, unknown>[]): Period[] {
  const begin = (period: Period) =>
    /^(all|\d{4}(-\d{2})?)$/.test(period) ? periodRange(period).fromMs : Number.NEGATIVE_INFINITY;
  return [...new Set(maps.flatMap((map) => [...map.keys()]))].sort((a, b) => begin(a) - begin(b));
}
