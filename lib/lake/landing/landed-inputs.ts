import type { Interval } from '../../domain/interval.ts';
import type { Period } from '../../domain/period.ts';
import type { Series } from '../../domain/series.ts';
import { DAY_MS } from '../../domain/time-range.ts';
import type { ObjectStore } from '../../ports.ts';
import { landingMemoryKey, receiptKey } from '../keys.ts';
import type { Manifest } from '../manifest/contract.ts';
import { memo } from '../memo.ts';
import { type DecodedShard, decodeShard } from './decode-shard.ts';
import { type LandedId, type Landing, listLanding } from './landing.ts';
import { encodeMemory, isRest, type LandingMemory, nameOf, readMemory } from './landing-memory.ts';
import { pageOf } from './open-page.ts';
import { sameInputs } from './shard-inputs.ts';

/**
 * What landed of a series, without what other landed objects contain; each object is read only if that is not known.
 */
export interface LandedInputs {
  readonly landing: Landing;
  /** Keys of the newest version records that were seen. */
  readonly newest: LandingMemory['newest'];
  decoded(period: Period): Promise<DecodedShard>;
  /** True if a manifest of the code that runs names just what counts for the period. */
  isMadeFrom(manifest: Manifest, period: Period): Promise<boolean>;
  /** What counts for a period without a shard. */
  of(period: Period): Promise<readonly LandedId[]>;
  forget(period: Period): void;
  /** True if more has landed since. */
  outdated(): Promise<boolean>;
  /** Writes down what was learned, if anything was. */
  remember(newest: LandingMemory['newest']): Promise<void>;
}

export async function createLandedInputs(store: ObjectStore, series: Series): Promise<LandedInputs> {
  const { interval } = series;
  const memory = await readMemory(store, series);
  const landing = await listLanding(store, series, memory);
  const known = knownPairs(landing, memory);
  const learned = new Map<Period, ReadonlyMap<string, string>>();
  const decodings = new Map<Period, Promise<DecodedShard>>();
  const counting = new Map<Period, readonly LandedId[]>();
  /** What may count: all that landed, except what is known to be contained. */
  const candidates = (period: Period) =>
    landing.periods.get(period)!.filter((id) => !known.get(period)?.has(nameOf(id)));

  const decoded = (period: Period) =>
    memo(decodings, period, async () => {
      const shard = await decodeShard(store, interval, period, candidates(period));
      learned.set(period, new Map([...shard.contained].map(([one, other]) => [nameOf(one), nameOf(other)])));
      counting.set(period, shard.inputs);
      return shard;
    });

  return {
    landing,
    newest: memory.newest,
    decoded,
    async isMadeFrom(manifest, period) {
      const ids = candidates(period);
      if (sameInputs(manifest, ids)) {
        counting.set(period, ids);
        return true;
      }
      // Newcomers that are contained change nothing.
      return mayContain(ids) && sameInputs(manifest, (await decoded(period)).inputs);
    },
    async of(period) {
      const ids = counting.get(period) ?? candidates(period);
      return counting.has(period) || !mayContain(ids) ? ids : (await decoded(period)).inputs;
    },
    forget: (period) => decodings.delete(period),
    async outdated() {
      const now = await listLanding(store, series, memory);
      return JSON.stringify(describe(now)) !== JSON.stringify(describe(landing));
    },
    async remember(newest) {
      const contained = mergePairs(known, learned);
      const before = encodeMemory(memory);
      const next = encodeMemory({ ...withoutClosed(interval, landing, memory, contained), newest });
      if (Buffer.compare(before, next) !== 0) await store.put(landingMemoryKey(series), next);
    },
  };
}

/** What is remembered of objects that are there, and whose containers still count. */
function knownPairs(landing: Landing, memory: LandingMemory): Map<Period, Map<string, string>> {
  const known = new Map<Period, Map<string, string>>();
  for (const [period, ids] of landing.periods) {
    const pairs = memory.contained.get(period);
    if (!pairs) continue;
    const standing = new Set(ids.filter(({ superseded }) => !superseded).map(nameOf));
    const valid = ids.map(nameOf).flatMap((name): [string, string][] => {
      const other = pairs.get(name);
      return other !== undefined && standing.has(name) && (isRest(other) || standing.has(other)) ? [[name, other]] : [];
    });
    known.set(period, withOlderVersions(ids, new Map(valid)));
  }
  return known;
}

/** Of a file that is contained the older versions count no more either. */
function withOlderVersions(ids: readonly LandedId[], pairs: Map<string, string>): Map<string, string> {
  const file = ({ source, range }: LandedId) => `${source} ${range.fromMs}`;
  const newest = new Map(ids.filter(({ superseded }) => !superseded).map((id) => [file(id), nameOf(id)]));
  for (const id of ids) {
    const other = id.superseded && pairs.get(newest.get(file(id)) ?? '');
    if (other) pairs.set(nameOf(id), other);
  }
  return pairs;
}

function mergePairs(
  known: LandingMemory['contained'],
  learned: LandingMemory['contained'],
): Map<Period, Map<string, string>> {
  const merged = new Map([...known].map(([period, pairs]) => [period, new Map(pairs)]));
  for (const [period, pairs] of learned) merged.set(period, new Map([...(merged.get(period) ?? []), ...pairs]));
  return new Map([...merged].filter(([, pairs]) => pairs.size > 0));
}

/**
 * Closes the pages that ended a day before the last thing that landed: no more answers land in them. Answers of a
 * closed page that another answer of REST contains are forgotten, because that one counts for ever, or what contains it
 * does. The others are named.
 */
function withoutClosed(
  interval: Interval,
  { periods, open }: Landing,
  memory: LandingMemory,
  contained: LandingMemory['contained'],
): Pick<LandingMemory, 'listOpenFromMs' | 'open' | 'contained'> {
  const reachMs = Math.max(...[...periods.values()].flat().map(({ range }) => range.toMs));
  const page = Number.isFinite(reachMs) ? pageOf(interval, reachMs - DAY_MS) : undefined;
  const listOpenFromMs = Math.max(page?.fromMs ?? 0, memory.listOpenFromMs ?? 0);
  if (listOpenFromMs === 0) return { listOpenFromMs: memory.listOpenFromMs, open: memory.open, contained };
  const forgotten = new Set<string>();
  const closed = new Map<string, LandedId>();
  for (const [period, ids] of periods) {
    for (const id of ids) {
      if (id.openPageMs === undefined || id.openPageMs >= listOpenFromMs) continue;
      const other = contained.get(period)?.get(nameOf(id));
      if (other !== undefined && isRest(other)) forgotten.add(nameOf(id));
      else closed.set(receiptKey(id), id);
    }
  }
  return {
    listOpenFromMs,
    open: open.filter(({ key }) => closed.has(key)).map(({ key, sizeBytes }) => ({ key, sizeBytes })),
    contained: new Map(
      [...contained].map(([period, pairs]) => [period, new Map([...pairs].filter(([name]) => !forgotten.has(name)))]),
    ),
  };
}

/** True if the range of one object is within that of another. */
function mayContain(ids: readonly LandedId[]): boolean {
  const ranges = ids.map(({ range }) => range).sort((a, b) => a.fromMs - b.fromMs || b.toMs - a.toMs);
  let reachMs = Number.NEGATIVE_INFINITY;
  for (const { toMs } of ranges) {
    if (toMs <= reachMs) return true;
    reachMs = toMs;
  }
  return false;
}

function describe({ periods, failures, gridEndMs }: Landing): unknown {
  return [[...periods], failures, gridEndMs];
}
