import { isDeepStrictEqual } from 'node:util';
import type { Period } from '../../domain/period.ts';
import type { Subject } from '../../domain/subject.ts';
import { subjectPeriodsIn } from '../../domain/subject-times.ts';
import { DAY_MS } from '../../domain/time-range.ts';
import type { ObjectStore } from '../../ports.ts';
import { getOrCompute } from '../get-or-compute.ts';
import { receiptKey } from '../keys.ts';
import { withOlderVersions } from './contained.ts';
import { type LandedId, type Landing, listLanding } from './landing.ts';
import { isRest, type LandingMemory, nameOf, putMemory, readMemory } from './landing-memory.ts';
import { createLandingTimes } from './landing-times.ts';
import { pageOf } from './open-page.ts';

/** The decoded objects of one period: those that count, and those that another one contains. */
export interface DecodedPeriod<S extends Subject> {
  /** The objects that count, in key order: all that landed, except what another object contains. */
  readonly inputs: readonly LandedId<S>[];
  /** Objects that another one contains, and that one. */
  readonly contained: ReadonlyMap<LandedId<S>, LandedId<S>>;
}

/** The part of reading that candles and streams do in their own ways. */
interface Reading<S extends Subject, Decoded extends DecodedPeriod<S>, Manifest> {
  decode(period: Period, inputs: readonly LandedId<S>[]): Promise<Decoded>;
  /** Returns the keys of the receipts that a manifest names. */
  receiptsOf(manifest: Manifest): readonly string[];
  /** Returns true if a manifest names just these inputs, the same of them as superseded, and the same times. */
  isMadeFrom(manifest: Manifest, inputs: readonly LandedId<S>[]): boolean;
}

/** The landed objects that count. An object is read only if the lake does not remember that another one contains it. */
export interface LandedInputs<S extends Subject, Decoded extends DecodedPeriod<S>, Manifest> {
  readonly landing: Landing<S>;
  /** Keys of the newest version records that were seen. */
  readonly newest: LandingMemory['newest'];
  decoded(period: Period): Promise<Decoded>;
  /** Returns true if a manifest of the present code names just what counts for the period. */
  isMadeFrom(manifest: Manifest, period: Period): Promise<boolean>;
  /** Returns the objects that count for a period without a shard. */
  of(period: Period): Promise<readonly LandedId<S>[]>;
  forget(period: Period): void;
  /** Returns true if more has landed since. */
  outdated(): Promise<boolean>;
  /** Stores what was learned, if anything was. */
  remember(newest: LandingMemory['newest']): Promise<void>;
}

export async function createLandedInputs<S extends Subject, Decoded extends DecodedPeriod<S>, Manifest>(
  store: ObjectStore,
  subject: S,
  reading: Reading<S, Decoded, Manifest>,
): Promise<LandedInputs<S, Decoded, Manifest>> {
  const memory = await readMemory(store, subject);
  const list = () => listLanding(store, subject, memory, (range) => subjectPeriodsIn(subject, range));
  const landing = await list();
  const known = knownPairs(landing, memory);
  const learned = new Map<Period, ReadonlyMap<string, string>>();
  const times = createLandingTimes<S>(store, memory.again);
  const decodings = new Map<Period, Promise<Decoded>>();
  const counting = new Map<Period, readonly LandedId<S>[]>();
  /** The objects that may count: all that landed, except what is known to be contained. */
  const candidates = (period: Period) =>
    landing.periods.get(period)!.filter((id) => !known.get(period)?.has(nameOf(id)));

  const decoded = (period: Period) =>
    getOrCompute(decodings, period, async () => {
      const shard = await reading.decode(period, candidates(period));
      learned.set(period, new Map([...shard.contained].map(([one, other]) => [nameOf(one), nameOf(other)])));
      counting.set(period, shard.inputs);
      times.learn(period, shard.inputs);
      return shard;
    });

  return {
    landing,
    newest: memory.newest,
    decoded,
    async isMadeFrom(manifest, period) {
      const ids = candidates(period);
      // Receipts need not be read if the manifest names other objects.
      const timed = isDeepStrictEqual(reading.receiptsOf(manifest), keysOf(ids)) && (await times.of(period, ids));
      if (timed && reading.isMadeFrom(manifest, timed)) {
        counting.set(period, timed);
        return true;
      }
      // New objects that are contained change nothing.
      return mayContain(ids) && reading.isMadeFrom(manifest, (await decoded(period)).inputs);
    },
    async of(period) {
      const known = counting.get(period);
      if (known) return known;
      const ids = candidates(period);
      return mayContain(ids) ? (await decoded(period)).inputs : times.of(period, ids);
    },
    forget: (period) => decodings.delete(period),
    async outdated() {
      return JSON.stringify(describe(await list())) !== JSON.stringify(describe(landing));
    },
    async remember(newest) {
      const open = withoutClosed(subject, landing, memory, mergePairs(known, learned));
      await putMemory(store, subject, { ...open, again: times.known(), newest }, memory);
    },
  };
}

function keysOf<S extends Subject>(ids: readonly LandedId<S>[]): string[] {
  return ids.map((id) => receiptKey(id));
}

/** Returns the remembered pairs whose objects are there and whose containers still count. */
function knownPairs<S extends Subject>(landing: Landing<S>, memory: LandingMemory): Map<Period, Map<string, string>> {
  const known = new Map<Period, Map<string, string>>();
  for (const [period, ids] of landing.periods) {
    const pairs = memory.contained.get(period);
    if (!pairs) continue;
    const current = ids.filter(({ superseded }) => !superseded);
    const names = new Set(current.map(nameOf));
    const valid = current.flatMap((id): [LandedId<S>, string][] => {
      const other = pairs.get(nameOf(id));
      return other !== undefined && (isRest(other) || names.has(other)) ? [[id, other]] : [];
    });
    const all = withOlderVersions(ids, new Map(valid));
    known.set(period, new Map([...all].map(([id, other]) => [nameOf(id), other])));
  }
  return known;
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
 * Closes the pages that ended a day before the last object that landed: no more answers land in them. The answers of a
 * closed page are forgotten if another answer of REST contains them, because that one, or the one that contains it,
 * counts for ever. The others are named.
 */
function withoutClosed<S extends Subject>(
  subject: S,
  { periods, open }: Landing<S>,
  memory: LandingMemory,
  contained: LandingMemory['contained'],
): Pick<LandingMemory, 'listOpenFromMs' | 'open' | 'contained'> {
  const reachMs = Math.max(...[...periods.values()].flat().map(({ range }) => range.toMs));
  const page = Number.isFinite(reachMs) ? pageOf(subject, reachMs - DAY_MS) : undefined;
  const listOpenFromMs = Math.max(page?.fromMs ?? 0, memory.listOpenFromMs ?? 0);
  if (listOpenFromMs === 0) return { listOpenFromMs: memory.listOpenFromMs, open: memory.open, contained };
  const forgotten = new Set<string>();
  const closed = new Set<string>();
  for (const [period, ids] of periods) {
    for (const id of ids) {
      if (id.openPageMs === undefined || id.openPageMs >= listOpenFromMs) continue;
      const other = contained.get(period)?.get(nameOf(id));
      if (other !== undefined && isRest(other)) forgotten.add(nameOf(id));
      else closed.add(receiptKey(id));
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

/** Returns true if the range of one object is within that of another. */
function mayContain<S extends Subject>(ids: readonly LandedId<S>[]): boolean {
  const ranges = ids.map(({ range }) => range).sort((a, b) => a.fromMs - b.fromMs || b.toMs - a.toMs);
  let reachMs = Number.NEGATIVE_INFINITY;
  for (const { toMs } of ranges) {
    if (toMs <= reachMs) return true;
    reachMs = toMs;
  }
  return false;
}

function describe<S extends Subject>({ periods, failures, gridEndMs }: Landing<S>): unknown {
  return [[...periods], failures, gridEndMs];
}
