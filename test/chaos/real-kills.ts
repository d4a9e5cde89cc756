import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { folderObjectStore } from '../../lib/adapters/local/folder-object-store.ts';
import { type MemoryStore, memoryStore } from '../../lib/lake/memory-store.ts';
import { differences, lakeFaults } from '../support/lake-faults.ts';
import { type Ended, runLake } from '../support/lake-process.ts';

/** The work of the killed process: one symbol, one day of the archive, one shard, fourteen puts or so. */
export const KILLED_RUN = [
  'run',
  '--symbols',
  'BTCUSDT',
  '--interval',
  '1h',
  '--from',
  '2024-01-02',
  '--to',
  '2024-01-03',
];
/** The same over the end of a year: two shards, from a monthly file, daily files and REST. */
export const LONGER_RUN = ['run', '--symbols', 'BTCUSDT', '--interval', '1h', '--from', '2023-12-31'];
export const KILLED_AT_MS = Date.parse('2024-01-03T09:10:05Z');

const PRELOAD = fileURLToPath(new URL('./kill-at-put.mjs', import.meta.url));

export interface RealKill {
  readonly run: readonly string[];
  readonly lake: string;
  readonly exchangeUrl: string;
  /** File that counts the puts; must not be there yet. */
  readonly counter: string;
  /** The put at which the process is killed, from 1; 0 for none. */
  readonly atPut: number;
  /** Whether that put took effect. */
  readonly after: boolean;
}

/** Runs `lake run` in a process of its own, killed with SIGKILL at one of its puts. */
export async function runKilled(kill: RealKill): Promise<Ended & { readonly puts: number }> {
  const ended = await runLake([...kill.run, '--lake', kill.lake, '--json'], {
    exchangeUrl: kill.exchangeUrl,
    env: {
      NODE_OPTIONS: `--import=${PRELOAD}`,
      KILL_COUNTER: kill.counter,
      KILL_AT_PUT: String(kill.atPut),
      KILL_AFTER: String(kill.after),
    },
  });
  return { ...ended, puts: existsSync(kill.counter) ? statSync(kill.counter).size : 0 };
}

/** A folder lake as it lies there. */
export async function lakeAt(folder: string): Promise<MemoryStore> {
  const lake = memoryStore();
  for (const { key } of await folderObjectStore(folder).list('')) await lake.put(key, readFileSync(join(folder, key)));
  return lake;
}

export interface RealSweep {
  readonly run: readonly string[];
  readonly exchangeUrl: string;
  /** An empty folder to work in. */
  readonly folder: string;
}

/**
 * Kills a real process at each put in turn, before and after it, each on a lake of its own that a clean run completes.
 * Returns the number of puts and what did not hold.
 */
export async function sweepRealKills({
  run,
  exchangeUrl,
  folder,
}: RealSweep): Promise<{ puts: number; wrong: string[] }> {
  const at = (atPut: number, after: boolean): RealKill => ({
    run,
    exchangeUrl,
    lake: join(folder, `lake-${atPut}-${after}`),
    counter: join(folder, `puts-${atPut}-${after}`),
    atPut,
    after,
  });
  const undisturbed = await runKilled(at(0, false));
  if (undisturbed.code !== 0) throw new Error(`undisturbed run ended with ${undisturbed.code}: ${undisturbed.stderr}`);
  const whole = await lakeAt(at(0, false).lake);
  const wrong: string[] = [];
  for (let put = 1; put <= undisturbed.puts; put++) {
    for (const after of [false, true]) {
      const kill = at(put, after);
      const say = (text: string) => void wrong.push(`killed ${after ? 'after' : 'before'} put ${put}: ${text}`);
      const killed = await runKilled(kill);
      if (killed.signal !== 'SIGKILL') say(`it ended with ${killed.code}`);
      for (const text of await lakeFaults(await lakeAt(kill.lake))) say(text);
      const clean = await runLake([...run, '--lake', kill.lake, '--json'], { exchangeUrl });
      if (clean.code !== 0) say(`the clean run ended with ${clean.code}: ${clean.stderr}`);
      for (const key of differences(await lakeAt(kill.lake), whole)) say(`${key} is another`);
    }
  }
  return { puts: undisturbed.puts, wrong };
}
