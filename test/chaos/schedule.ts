import { ARCHIVE_KINDS, type FaultKind, ROW_KINDS } from '../../lib/exchange/simulated/fault.ts';
import { type Random, seededRandom } from '../support/random.ts';
import { HOUR_MS } from '../support/time.ts';
import { FORGED_ANSWERS, FORGED_ZIPS, type Forgery } from './forged-data.ts';
import { STORE_KINDS, type StoreFault } from './store-fault.ts';

/** A fault of the exchange; `match` is a part of the path. */
export type ExchangeFault = FaultKind & { readonly match: string; readonly times?: number; readonly skip?: number };

/** Data that the exchange has published wrongly for good. It serves this to an undisturbed run as well. */
export type DataFault =
  | { readonly by: 'exchange'; readonly fault: ExchangeFault }
  | { readonly by: 'forger'; readonly forgery: Forgery };

/** Faults of one run, which pass. */
export interface Disturbance {
  readonly exchange: readonly ExchangeFault[];
  readonly forged: readonly Forgery[];
  readonly store: readonly StoreFault[];
  /** True if another run, without faults of its own, works on the same lake at the same time. */
  readonly twoAtOnce: boolean;
}

/** One schedule, a pure function of its seed: the wrongly published data, and the faults of one run after another. */
export interface Schedule {
  readonly seed: number;
  readonly data: DataFault | undefined;
  readonly runs: readonly Disturbance[];
}

/** The exchange's time, and ours. Files up to 2 January are published; the rest of the range is REST's alone. */
export const NOW_MS = Date.parse('2024-01-03T09:10:00Z');
export const REQUEST = { market: 'um', symbols: ['BTCUSDT', 'ETHUSDT'], interval: '1h', from: '2023-12-01' } as const;

const MONTHLY = 'BTCUSDT-1h-2023-12.zip';
const DAILY = 'ETHUSDT-1h-2024-01-01.zip';
/** REST's path: the archive has folders of the name, too. */
const KLINES = '/v1/klines';
const ANYWHERE = ['/time', '/exchangeInfo', KLINES, '.zip', '.CHECKSUM', 'prefix=', MONTHLY, DAILY, ''] as const;
const FILES = [MONTHLY, DAILY, '2023-12.zip', '2024-01-0', '.zip'] as const;

export function scheduleOf(seed: number): Schedule {
  const random = seededRandom(seed);
  const data = random.chance(0.3) ? dataFault(random) : undefined;
  // The rows of a REST answer are spoilt by their place in it: the same answers must be asked for each time.
  const restAsPlanned = data?.by === 'exchange' && data.fault.match === KLINES;
  const runs = Array.from({ length: random.chance(0.25) ? 2 : 1 }, () => disturbance(random, restAsPlanned));
  return { seed, data, runs };
}

function dataFault(random: Random): DataFault {
  const file = random.pick([MONTHLY, DAILY]);
  if (random.chance(0.5)) return { by: 'forger', forgery: { kind: random.pick(FORGED_ZIPS), match: file } };
  if (random.chance(0.2)) {
    const kind = random.pick(['truncated_zip', 'corrupt_zip'] as const);
    return { by: 'exchange', fault: { kind, checksumAgrees: true, match: file } };
  }
  if (random.chance(0.2)) {
    return { by: 'exchange', fault: { kind: random.pick(['duplicated_rows', 'restated_rows']), match: KLINES } };
  }
  return { by: 'exchange', fault: { kind: random.pick(ROW_KINDS), match: file } };
}

function disturbance(random: Random, restAsPlanned: boolean): Disturbance {
  const exchange: ExchangeFault[] = [];
  const forged: Forgery[] = [];
  const store: StoreFault[] = [];
  const wanted = random.whole(1, 3);
  for (let fault = 0; fault < wanted; fault++) {
    const what = restAsPlanned ? 'store' : random.pick(['exchange', 'exchange', 'forged', 'store', 'store'] as const);
    if (what === 'exchange') exchange.push(...exchangeFaults(random));
    else if (what === 'store') store.push(storeFault(random));
    else forged.push({ kind: random.pick(FORGED_ANSWERS), match: KLINES, times: random.whole(1, 3) });
  }
  return { exchange, forged, store, twoAtOnce: random.chance(0.1) };
}

function exchangeFaults(random: Random): ExchangeFault[] {
  const often = { skip: random.whole(0, 3), ...(random.chance(0.8) && { times: random.whole(1, 8) }) };
  switch (random.pick(['transport', 'transport', 'archive', 'rows', 'clock'] as const)) {
    case 'transport':
      return [{ ...transportFault(random), match: random.pick(ANYWHERE), ...often }];
    case 'archive':
      return [{ kind: random.pick(ARCHIVE_KINDS), match: random.pick(FILES), ...often }];
    case 'rows': {
      // What a passing fault of rows may do and no more: be refused. The others are landed for good: see dataFault.
      const kind = random.pick(['out_of_order_rows', 'open_last_candle', 'extra_columns'] as const);
      return [{ kind, match: KLINES, times: random.whole(1, 4) }];
    }
    case 'clock': {
      const skewMs = random.pick([-800, -30, -26, -5, -1, 1, 3, 29]) * HOUR_MS + random.whole(1, HOUR_MS - 1);
      const first: ExchangeFault = { kind: 'clock_skew', skewMs, match: '/time', times: 1, skip: random.whole(0, 1) };
      // Time that runs backwards: each answer is earlier than the one before.
      const later = { ...first, skewMs: skewMs - random.whole(1, 50) * HOUR_MS };
      return random.chance(0.5) ? [first, later] : [first];
    }
  }
}

function transportFault(random: Random): FaultKind {
  switch (random.pick(['429', '418', 'refused', '5xx', 'reset', 'stall', 'slow', 'truncated_body'] as const)) {
    case '429':
      return {
        kind: 'status',
        status: 429,
        ...(random.chance(0.6) && { retryAfterSec: random.pick([1, 7, 45, 600]) }),
      };
    case '418':
      return random.chance(0.5)
        ? { kind: 'status', status: 418, bannedUntilMs: NOW_MS + random.pick([5, 120, 90_000]) * 1000 }
        : { kind: 'status', status: 418, bannedUntilMs: NOW_MS, retryAfterSec: random.pick([3, 300]) };
    case 'refused':
      return { kind: 'status', status: random.pick([403, 451]) };
    case '5xx':
      return { kind: 'status', status: random.pick([500, 502, 503, 504]) };
    case 'reset':
      return { kind: 'reset' };
    case 'stall':
      return { kind: 'stall' };
    case 'slow':
      return { kind: 'slow', durationMs: 40 };
    case 'truncated_body':
      return { kind: 'truncated_body' };
  }
}

/** The last operation that a fault may strike first; an undisturbed run has about as many. */
export const STORE_REACH = { put: 72, get: 38, list: 52, any: 160 } as const;

function storeFault(random: Random): StoreFault {
  const kind = random.pick([...STORE_KINDS, 'kill'] as const);
  const times = random.pick([1, 1, 2, 5, 20]);
  switch (kind) {
    case 'kill':
      return { kind, at: random.whole(1, STORE_REACH.any), after: random.chance(0.5) };
    case 'disk_full':
      return { kind, from: random.whole(1, STORE_REACH.put) };
    case 'put_failure':
    case 'lost_response':
      return { kind, from: random.whole(1, STORE_REACH.put), times };
    case 'get_failure':
      return { kind, from: random.whole(1, STORE_REACH.get), times };
    case 'list_failure':
      return { kind, from: random.whole(1, STORE_REACH.list), times };
    case 'throttled':
      return { kind, from: random.whole(1, STORE_REACH.any), times };
  }
}
