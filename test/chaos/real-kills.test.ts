import { join } from 'node:path';
import { startExchange } from '../../lib/exchange/simulated/exchange.ts';
import { temporaryFolder } from '../support/folder.ts';
import { differences, lakeFaults } from '../support/lake-faults.ts';
import { KILLED_AT_MS, KILLED_RUN, lakeAt, runKilled } from './real-kills.ts';
import { SWEEP_STEP, saySwept } from './sweep-step.ts';

test('a real process is killed (-9) at each put on one lake: readable after each, then the same bytes', async () => {
  const exchange = await startExchange({ nowMs: KILLED_AT_MS });
  const folder = temporaryFolder();
  const run = (name: string, lake: string, atPut: number, after = false) =>
    runKilled({
      run: KILLED_RUN,
      exchangeUrl: exchange.url,
      lake: join(folder, lake),
      counter: join(folder, name),
      atPut,
      after,
    });
  const undisturbed = await run('undisturbed', 'whole', 0);
  expect(undisturbed).toMatchObject({ code: 0 });
  expect(undisturbed.puts).toBeGreaterThan(10);
  let killed = 0;
  let code: number | null = null;
  // Each run continues after the place where the one before was killed, so every second put takes effect.
  for (let atPut = 1; code === null; atPut += SWEEP_STEP) {
    const ended = await run(`killed-${atPut}`, 'lake', atPut, killed % 2 === 1);
    code = ended.code;
    if (code === null) killed++;
    expect(await lakeFaults(await lakeAt(join(folder, 'lake')))).toEqual([]);
  }
  expect(code).toBe(0);
  // Plan, landing, shard and reports were all struck before there was no such put any more.
  expect(killed).toBeGreaterThanOrEqual(10 / SWEEP_STEP);
  saySwept('real processes killed', killed);
  expect(differences(await lakeAt(join(folder, 'lake')), await lakeAt(join(folder, 'whole')))).toEqual([]);
  await exchange.close();
});
