import { memoryStore } from '../../lib/lake/memory-store.ts';
import type { ChaosWorld } from './chaos-world.ts';
import type { Schedule } from './schedule.ts';
import { type Oracle, trySchedule } from './try-schedule.ts';

/** Operations of the store in an undisturbed run on an empty lake. */
export async function countOperations(world: ChaosWorld): Promise<number> {
  const { put, get, list } = (await world.run(memoryStore(), { runId: 'counted' })).operations;
  return put + get + list;
}

/** A schedule that kills the run at one operation of the store, before or after it took effect. */
export function killAt(operation: number, after: boolean): Schedule {
  const store = [{ kind: 'kill', at: operation, after }] as const;
  return { seed: 1, data: undefined, runs: [{ exchange: [], forged: [], store, twoAtOnce: false }] };
}

/** Kills a run at every `step`-th operation in turn, from the first. Returns what did not hold. */
export async function sweepKills(world: ChaosWorld, oracle: Oracle, step = 1): Promise<string[]> {
  const operations = await countOperations(world);
  const wrong: string[] = [];
  for (let operation = 1; operation <= operations; operation += step) {
    for (const after of [false, true]) {
      const found = await trySchedule(killAt(operation, after), world, oracle);
      wrong.push(...found.map((text) => `killed ${after ? 'after' : 'before'} operation ${operation}: ${text}`));
    }
  }
  return wrong;
}
