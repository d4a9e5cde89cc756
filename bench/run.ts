import { BENCHMARKS } from './benchmarks.ts';
import { machineLine } from './machine.ts';
import { runCase } from './run-case.ts';

const asked = process.argv.slice(2);
const unknown = asked.find((name) => !Object.hasOwn(BENCHMARKS, name));
if (unknown !== undefined) {
  console.error(`benchmark must be one of ${Object.keys(BENCHMARKS).join(', ')}, got '${unknown}'`);
  process.exit(2);
}

console.log(machineLine());
for (const name of asked.length > 0 ? asked : Object.keys(BENCHMARKS)) {
  const benchmark = await BENCHMARKS[name]!();
  console.log(`\n${name}: ${benchmark.about}\n`);
  await benchmark.report((caseName) => {
    console.error(`measuring ${caseName}`);
    return runCase(name, caseName);
  });
}
