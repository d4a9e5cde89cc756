import { setImmediate as turn } from 'node:timers/promises';
import type { MemoryStore } from '../../lib/lake/memory-store.ts';
import type { ObjectStore } from '../../lib/ports.ts';

/** An operation of a writer on the store that is requested and has not happened yet. */
interface Pending {
  readonly writer: number;
  readonly isPut: boolean;
  readonly happen: () => Promise<void>;
}

/** Returns the index of the pending operation that happens next. */
export type Order = (pending: readonly { readonly writer: number }[], step: number) => number;

export interface TwoWriters {
  /** The lake at the beginning. */
  readonly store: MemoryStore;
  /** The work of each writer on the same lake. */
  readonly writers: readonly ((store: ObjectStore) => Promise<unknown>)[];
  readonly order: Order;
  /** The writer gets no answers from this step on. Operations that it has requested may still happen. */
  readonly killed?: { readonly writer: number; readonly atStep: number };
  /** Called after each put, because no other operation changes the store. */
  readonly look: (store: MemoryStore) => void;
}

/**
 * Runs writers side by side, their operations on the store one after the other in the given order. Returns how many.
 */
export async function runTogether({ store, writers, order, killed, look }: TwoWriters): Promise<number> {
  const pending: Pending[] = [];
  const ended = new Set<number>();
  let step = 0;
  const isKilled = (writer: number) => killed?.writer === writer && step >= killed.atStep;

  function storeOf(writer: number): ObjectStore {
    const later = <Result>(operation: () => Promise<Result>, isPut = false) =>
      new Promise<Result>((resolve, reject) => {
        const happen = async () => {
          const outcome = await operation().then(
            (result) => () => resolve(result),
            (error: unknown) => () => reject(error),
          );
          if (!isKilled(writer)) outcome();
        };
        pending.push({ writer, isPut, happen });
      });
    return {
      url: store.url,
      get: (key) => later(() => store.get(key)),
      put: (key, bytes, condition) => later(() => store.put(key, bytes, condition), true),
      list: (prefix, after) => later(() => store.list(prefix, after)),
    };
  }

  const outcomes = writers.map(async (work, writer) => {
    await work(storeOf(writer)).finally(() => ended.add(writer));
  });
  const settled = Promise.allSettled(outcomes);
  for (;;) {
    // By then the writers have requested what follows from the last answer.
    await turn();
    if (pending.length === 0) break;
    const [next] = pending.splice(order(pending, step), 1);
    await next!.happen();
    step++;
    if (next!.isPut) look(store);
  }
  const isWaiting = writers.some((_, writer) => !ended.has(writer) && killed?.writer !== writer);
  if (isWaiting) throw new Error('a writer waits for something else than the store');
  if (!killed) await settled;
  return step;
}
