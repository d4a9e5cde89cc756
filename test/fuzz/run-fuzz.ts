import { parseArgs } from 'node:util';
import { shareOf } from './share.ts';
import { startFuzz } from './start-fuzz.ts';
import { TARGETS } from './targets.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    target: { type: 'string' },
    path: { type: 'string' },
  },
});
const seed = Number(values.seed);
const names = values.target === undefined ? Object.keys(TARGETS) : [values.target];
const reading = startFuzz();
const beganMs = performance.now();
let inputs = 0;
let failed = 0;
for (const target of names) {
  const count = shareOf(target, Number(values.count));
  const outcome = await reading.fuzz({ target, count, seed, path: values.path });
  inputs += outcome.inputs;
  const endings = Object.entries(outcome.endings).map(([name, times]) => `${name} ${times}`);
  const mib = (outcome.peakBytes / 2 ** 20).toFixed(0);
  process.stdout.write(
    `${target.padEnd(14)} ${String(outcome.inputs).padStart(8)} inputs, slowest ${outcome.slowestMs.toFixed(0)} ms, ` +
      `peak ${mib} MiB: ${endings.join(', ')}\n`,
  );
  if (outcome.failure === undefined) continue;
  failed++;
  process.stdout.write(`  again: npm run fuzz -- --target ${target} --count ${count} ${outcome.failure}\n`);
}
reading.close();
const seconds = ((performance.now() - beganMs) / 1000).toFixed(0);
process.stdout.write(
  `${inputs} inputs from seed ${seed} in ${seconds} s, ${failed} of ${names.length} readers failed\n`,
);
process.exitCode = failed === 0 ? 0 : 1;
