import { BENCHMARKS } from './benchmarks.ts';
import { beQuick } from './contest.ts';
import { loadText, machineLine } from './machine.ts';
import { printHeading, printMarkdown } from './print-table.ts';
import { runCase } from './run-case.ts';

/** `npm run bench -- --markdown pipeline`: all benchmarks if none is named. */
const OPTIONS: Readonly<Record<string, () => void>> = { '--markdown': printMarkdown, '--quick': beQuick };
const given = process.argv.slice(2);
for (const word of given) OPTIONS[word]?.();
const asked = given.filter((word) => OPTIONS[word] === undefined);
const unknown = asked.find((name) => !Object.hasOwn(BENCHMARKS, name));
if (unknown !== undefined) {
  console.error(`benchmark must be one of ${Object.keys(BENCHMARKS).join(', ')}, got '${unknown}'`);
  process.exit(2);
}

printHeading('Session');
console.log(machineLine());
for (const name of asked.length > 0 ? asked : Object.keys(BENCHMARKS)) {
  const benchmark = await BENCHMARKS[name]!();
  printHeading(name);
  console.log(`${benchmark.about}; ${loadText()}\n`);
  await benchmark.report((caseName) => {
    console.error(`measuring ${caseName}`);
    return runCase(name, caseName);
  });
}
