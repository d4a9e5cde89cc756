import { setImmediate as turn } from 'node:timers/promises';
import type { ObjectStore } from '../../lib/ports.ts';

/** Of the operations that a fault is about, counted from 1 over the whole run, which ones it strikes. */
interface Stretch {
  readonly from: number;
  readonly times: number;
  /** A part of the key or prefix; any key, if left out. */
  readonly match?: string;
}

/** The faults of an object store. */
export type StoreFault =
  | ({ readonly kind: 'put_failure' | 'get_failure' | 'list_failure' } & Stretch)
  /** Whatever the operation is, it is answered SlowDown. */
  | ({ readonly kind: 'throttled' } & Stretch)
  /** The put is done, and its answer is lost. */
  | ({ readonly kind: 'lost_response' } & Stretch)
  /** No put succeeds from the n-th on. */
  | { readonly kind: 'disk_full'; readonly from: number }
  /** The process ends at the n-th operation, before or after it took effect: nothing comes after. */
  | { readonly kind: 'kill'; readonly at: number; readonly after: boolean };

type Operation = 'put' | 'get' | 'list';
const ANY: readonly Operation[] = ['put', 'get', 'list'];

/** The operations that each kind is about. */
const ABOUT: Readonly<Record<StoreFault['kind'], readonly Operation[]>> = {
  put_failure: ['put'],
  get_failure: ['get'],
  list_failure: ['list'],
  throttled: ANY,
  lost_response: ['put'],
  disk_full: ['put'],
  kill: ANY,
};

export const STORE_KINDS = Object.keys(ABOUT) as StoreFault['kind'][];

/** The number of requests to the store, by kind. */
export type OperationCounts = Readonly<Record<Operation, number>>;

export interface FaultyStore extends ObjectStore {
  /** Operations so far. */
  operations(): OperationCounts;
}

/** The store with these faults. `struck` hears of each that strikes; `killed` when the process ends. */
export function faultyStore(
  store: ObjectStore,
  faults: readonly StoreFault[],
  struck: (kind: StoreFault['kind']) => void,
  onKill: () => void,
): FaultyStore {
  const counts = { put: 0, get: 0, list: 0 };
  const seen = faults.map(() => 0);
  let killed = false;

  /** The faults that strike this operation, which each of them counts. */
  function striking(operation: Operation, key: string): StoreFault[] {
    return faults.filter((fault, index) => {
      if (!ABOUT[fault.kind].includes(operation)) return false;
      if ('match' in fault && !key.includes(fault.match!)) return false;
      const nth = ++seen[index]!;
      if (fault.kind === 'kill') return nth === fault.at;
      return nth >= fault.from && (fault.kind === 'disk_full' || nth < fault.from + fault.times);
    });
  }

  async function run<T>(operation: Operation, key: string, work: () => Promise<T>): Promise<T> {
    // A turn of the event loop, as any real store takes.
    await turn();
    if (killed) throw dead();
    counts[operation]++;
    const now = striking(operation, key);
    const kill = now.find((fault) => fault.kind === 'kill');
    if (kill) {
      if (kill.after) await work();
      killed = true;
      struck('kill');
      onKill();
      throw dead();
    }
    const failure = now.find(({ kind }) => kind !== 'lost_response');
    if (failure) {
      struck(failure.kind);
      throw failureOf(operation, failure.kind);
    }
    const result = await work();
    if (now.length > 0) {
      struck('lost_response');
      throw new Error('answer to a put was lost, as the schedule wants it');
    }
    return result;
  }

  return {
    url: store.url,
    operations: () => ({ ...counts }),
    get: (key) => run('get', key, () => store.get(key)),
    put: (key, bytes, condition) => run('put', key, () => store.put(key, bytes, condition)),
    list: (prefix, after) => run('list', prefix, () => store.list(prefix, after)),
  };
}

function failureOf(operation: Operation, kind: StoreFault['kind']): Error {
  if (kind === 'throttled') return Object.assign(new Error('please reduce your request rate'), { name: 'SlowDown' });
  if (kind === 'disk_full') return Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  return new Error(`${operation} failed, as the schedule wants it`);
}

function dead(): Error {
  return Object.assign(new Error('process was killed, as the schedule wants it'), { name: 'Killed' });
}
