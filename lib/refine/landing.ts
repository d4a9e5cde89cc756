import { nominalMs } from '../domain/interval.ts';
import { type LandingId, landingKey, landingPrefix, parseReceiptKey, receiptKey } from '../domain/keys.ts';
import { type Period, periodRange, periodsIn } from '../domain/period.ts';
import type { Series } from '../domain/series.ts';
import { DAY_MS } from '../domain/time-range.ts';
import type { Receipt } from '../fetch/contract.ts';
import type { ObjectStore } from '../ports.ts';

/** The landed objects that bear on each period of a series, periods ascending. */
export type Landing = ReadonlyMap<Period, readonly LandingId[]>;

/** Lists what has landed of a series. An object whose range spans several periods bears on each of them. */
export async function listLanding(store: ObjectStore, series: Series): Promise<Landing> {
  const byPeriod = new Map<Period, LandingId[]>();
  for (const { key } of await store.list(landingPrefix(series))) {
    const id = parseReceiptKey(series, key);
    if (!id) continue;
    const periods = nominalMs(series.interval) >= DAY_MS ? ['all'] : periodsIn(series.interval, id.range);
    for (const period of periods) {
      const inputs = byPeriod.get(period);
      if (inputs) inputs.push(id);
      else byPeriod.set(period, [id]);
    }
  }
  return new Map([...byPeriod].sort(([a], [b]) => periodRange(a).fromMs - periodRange(b).fromMs));
}

/** One landed object: its bytes and its receipt. */
export interface Landed {
  readonly receipt: Receipt;
  readonly key: string;
  readonly bytes: Uint8Array;
}

/** Reads a landed object. @throws Error where the lake lost it: landing objects are never removed. */
export async function readLanded(store: ObjectStore, id: LandingId): Promise<Landed> {
  const key = landingKey(id);
  const [receipt, bytes] = await Promise.all([store.get(receiptKey(id)), store.get(key)]);
  if (!receipt || !bytes) throw new Error(`landing object ${key} is gone from ${store.url}`);
  return { receipt: JSON.parse(Buffer.from(receipt).toString('utf8')) as Receipt, key, bytes };
}
