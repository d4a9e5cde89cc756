import { setImmediate as turn } from 'node:timers/promises';
import type { ObjectStore } from '../../lib/ports.ts';

/** How an object store goes wrong. Operations (or puts) are counted from 1, over the whole run. */
export type StoreFault =
  | { readonly kind: 'put_failure'; readonly from: number; readonly times: number }
  | { readonly kind: 'get_failure'; readonly from: number; readonly times: number }
  | { readonly kind: 'list_failure'; readonly from: number; readonly times: number }
  /** Every operation from the n-th on, so many of them, is answered SlowDown. */
  | { readonly kind: 'throttled'; readonly from: number; readonly times: number }
  /** The put is done, and its answer is lost. */
  | { readonly kind: 'lost_response'; readonly from: number; readonly times: number }
  /** No put succeeds from the n-th on. */
  | { readonly kind: 'disk_full'; readonly from: number }
  /** The process ends at the n-th operation, before or after it took effect: nothing comes after. */
  | { readonly kind: 'kill'; readonly at: number; readonly after: boolean };

export const STORE_KINDS = [
  'put_failure',
  'get_failure',
  'list_failure',
  'throttled',
  'lost_response',
  'disk_full',
  'kill',
] as const;

export interface FaultyStore extends ObjectStore {
  /** Operations so far. */
  operations(): number;
  readonly killed: boolean;
}

/** The store with these faults. `struck` hears of each that strikes; `killed` when the process ends. */
export function faultyStore(
  store: ObjectStore,
  faults: readonly StoreFault[],
  struck: (kind: string) => void,
  onKill: () => void,
): FaultyStore {
  const counts = { all: 0, put: 0, get: 0, list: 0 };
  let killed = false;

  function failure(operation: 'put' | 'get' | 'list', fault: StoreFault): Error | undefined {
    if (fault.kind === 'kill' || fault.kind === 'lost_response') return undefined;
    const named = { put_failure: 'put', get_failure: 'get', list_failure: 'list', disk_full: 'put', throttled: 'all' };
    const word = named[fault.kind] as keyof typeof counts;
    if (word !== 'all' && word !== operation) return undefined;
    const count = counts[word];
    const last = fault.kind === 'disk_full' ? Number.POSITIVE_INFINITY : fault.from + fault.times - 1;
    if (count < fault.from || count > last) return undefined;
    struck(fault.kind);
    if (fault.kind === 'throttled') return named503();
    if (fault.kind === 'disk_full') return Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    return new Error(`${operation} failed, as the schedule wants it`);
  }

  async function run<T>(operation: 'put' | 'get' | 'list', work: () => Promise<T>): Promise<T> {
    // A turn of the event loop, as any real store takes.
    await turn();
    if (killed) throw dead();
    counts.all++;
    counts[operation]++;
    const kill = faults.find((fault) => fault.kind === 'kill' && fault.at === counts.all);
    if (kill?.kind === 'kill') {
      if (kill.after) await work();
      killed = true;
      struck('kill');
      onKill();
      throw dead();
    }
    for (const fault of faults) {
      const error = failure(operation, fault);
      if (error) throw error;
    }
    const result = await work();
    const lost = faults.find(
      (fault) =>
        fault.kind === 'lost_response' &&
        operation === 'put' &&
        counts.put >= fault.from &&
        counts.put < fault.from + fault.times,
    );
    if (lost) {
      struck('lost_response');
      throw new Error('answer to a put was lost, as the schedule wants it');
    }
    return result;
  }

  return {
    url: store.url,
    operations: () => counts.all,
    get killed() {
      return killed;
    },
    get: (key) => run('get', () => store.get(key)),
    put: (key, bytes) => run('put', () => store.put(key, bytes)),
    list: (prefix) => run('list', () => store.list(prefix)),
  };
}

function named503(): Error {
  return Object.assign(new Error('please reduce your request rate'), { name: 'SlowDown' });
}

function dead(): Error {
  return Object.assign(new Error('process was killed, as the schedule wants it'), { name: 'Killed' });
}
