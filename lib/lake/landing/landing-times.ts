import pLimit from 'p-limit';
import type { Period } from '../../domain/period.ts';
import type { Subject } from '../../domain/subject.ts';
import type { ObjectStore } from '../../ports.ts';
import { type LandedId, readReceipt, withTimes } from './landing.ts';
import { hashNames, type LandingMemory, nameOf } from './landing-memory.ts';

/** Receipts that are read at once. */
const AT_ONCE = 16;

/** The times of the landed objects that landed more than once. */
export interface LandingTimesOf<S extends Subject> {
  /** Returns objects of a period with their times. Reads receipts only if the lake does not remember these objects. */
  of(period: Period, ids: readonly LandedId<S>[]): Promise<readonly LandedId<S>[]>;
  /** Takes in objects of a period that have their times, because their receipts were read. */
  learn(period: Period, ids: readonly LandedId<S>[]): void;
  /** Everything that is known now, for the next run. */
  known(): LandingMemory['again'];
}

/** @param before what earlier runs learned */
export function createLandingTimes<S extends Subject>(
  store: ObjectStore,
  before: LandingMemory['again'],
): LandingTimesOf<S> {
  const known = new Map(before);
  const learn = (period: Period, ids: readonly LandedId<S>[]) => {
    const times = ids.flatMap((id) => (id.again ? [[nameOf(id), id.again] as const] : []));
    known.set(period, { of: hashNames(ids.map(nameOf)), times: new Map(times) });
  };
  return {
    learn,
    async of(period, ids) {
      const here = known.get(period);
      if (here?.of === hashNames(ids.map(nameOf))) {
        return ids.map((id) => {
          const again = here.times.get(nameOf(id));
          return again ? { ...id, again } : id;
        });
      }
      const limit = pLimit(AT_ONCE);
      const read = await Promise.all(
        ids.map((id) => limit(async () => withTimes(id, await readReceipt<S>(store, id)))),
      );
      learn(period, read);
      return read;
    },
    known: () => known,
  };
}
