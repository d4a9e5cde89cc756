import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startExchange } from '../../lib/exchange/simulated/exchange.ts';
import { startChaos } from './chaos-world.ts';
import { countOperations, sweepKills } from './kill-sweep.ts';
import { KILLED_AT_MS, LONGER_RUN, sweepRealKills } from './real-kills.ts';
import { scheduleOf } from './schedule.ts';
import { trySchedule, undisturbedLakes } from './try-schedule.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    // Besides the schedules: kill a run at every operation of the store in turn.
    kills: { type: 'boolean', default: false },
    // The same with a real process and SIGKILL.
    'real-kills': { type: 'boolean', default: false },
  },
});
const count = Number(values.count);
const first = Number(values.seed);
const world = await startChaos();
const oracle = undisturbedLakes(world);
const failing: number[] = [];
const beganMs = performance.now();
for (let seed = first; seed < first + count; seed++) {
  const schedule = scheduleOf(seed);
  const wrong = await trySchedule(schedule, world, oracle).catch((error: Error) => [error.stack ?? error.message]);
  if (wrong.length > 0) {
    failing.push(seed);
    process.stdout.write(`seed ${seed} failed\n${JSON.stringify(schedule)}\n`);
    for (const line of wrong.slice(0, 8)) process.stdout.write(`  ${line.slice(0, 700)}\n`);
    process.stdout.write(`  again: npm run chaos -- --count 1 --seed ${seed}\n`);
  }
  if ((seed - first + 1) % 100 === 0) process.stdout.write(`${seed - first + 1} schedules, ${failing.length} failed\n`);
}
let killsHold = true;
if (values.kills) {
  const operations = await countOperations(world);
  const wrong = await sweepKills(world, oracle);
  killsHold = wrong.length === 0;
  for (const line of wrong) process.stdout.write(`  ${line.slice(0, 700)}\n`);
  process.stdout.write(
    `killed before and after each of ${operations} operations of the store: ${wrong.length} wrong\n`,
  );
}
if (values['real-kills']) {
  const exchange = await startExchange({ nowMs: KILLED_AT_MS });
  const folder = mkdtempSync(join(tmpdir(), 'candlelake-kills-'));
  const { puts, wrong } = await sweepRealKills({ run: LONGER_RUN, exchangeUrl: exchange.url, folder });
  killsHold &&= wrong.length === 0;
  for (const line of wrong) process.stdout.write(`  ${line.slice(0, 700)}\n`);
  process.stdout.write(`real process killed before and after each of ${puts} puts: ${wrong.length} wrong\n`);
  rmSync(folder, { recursive: true });
  await exchange.close();
}
await world.close();
const seconds = ((performance.now() - beganMs) / 1000).toFixed(1);
process.stdout.write(`${count} schedules from seed ${first} in ${seconds} s, ${failing.length} failed\n`);
process.stdout.write('faults that struck:\n');
for (const [kind, times] of [...world.struck].sort(([a], [b]) => (a < b ? -1 : 1))) {
  process.stdout.write(`  ${kind.padEnd(32)} ${String(times).padStart(7)}\n`);
}
process.exitCode = failing.length === 0 && killsHold ? 0 : 1;
