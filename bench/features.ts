import { type FeatureRow, outputsOf } from '../lib/features/feature-row.ts';
import { TABLE } from '../lib/features/table.ts';
import type { Benchmark, CaseResult, Measured } from './benchmark.ts';
import { contest, type Score } from './contest.ts';
import { indicatorLibraries, ours } from './contestants.ts';
import { largestDrift } from './drift.ts';
import { printTable } from './print-table.ts';
import { best, cpuOf, ms } from './repeat.ts';
import { printNotes, printScores } from './score-table.ts';
import { SHAPES, type Shape, shapedCandles } from './shapes.ts';
import { SHARED_SET } from './shared-set.ts';
import { inMonths, MONTH, TOGETHER } from './table-tasks.ts';
import { walkCandles, YEAR_OF_1M } from './walk-candles.ts';
import { withFolder } from './with-folder.ts';

const DECADE = 5_200_000;
const TOP = 16;
const ALL: readonly FeatureRow[] = TABLE;

/**
 * The feature table in memory, and the indicators that it shares with other libraries side by side. CPU time, since the
 * machine may have other work; nothing of it uses a second thread, the garbage collector apart.
 */
export const features: Benchmark = {
  about: 'the feature table in memory, CPU time on one core, warm',
  cases: {
    ...Object.fromEntries(SHAPES.map((shape) => [shape, () => measureShape(shape)])),
    decade: () => measureTable(DECADE, 2),
    kernels: measureKernels,
    twins: measureTwins,
    drift: measureDrift,
  },
  async report(measure) {
    const whole = await contest(ours('whole-table'), { warmUps: 2, rounds: 6 });
    printScores('whole table, a year of 1m', whole);
    for (const { name, cpu } of whole) console.log(`- ${name}: ${perSecond(YEAR_OF_1M, cpu)} candles/s a core`);
    console.log();
    const columns = ALL.flatMap((row) => row.columns).length;
    const rows: string[][] = [];
    for (const name of ['decade', ...SHAPES]) rows.push(tableRow(name, await measure(name)));
    printTable([`whole table, ${columns} columns`, 'candles', 'CPU ms', 'candles/s', 'peak MiB'], rows);

    const { twins, typescript } = (await measure('twins')).parts! as Record<'twins' | 'typescript', number[]>;
    const ratio = (best(typescript) / best(twins)).toFixed(2);
    const both = `${ms(best(twins))} ms a year with twins in WebAssembly, ${ms(best(typescript))} ms without`;
    console.log(`${both}: ${ratio} times\n`);

    const kernels = Object.entries((await measure('kernels')).parts!).sort((a, b) => best(b[1]) - best(a[1]));
    const sum = kernels.reduce((total, [, times]) => total + best(times), 0);
    printTable(
      [`slowest of ${kernels.length} kernels, a year`, 'ms (min)', 'of all'],
      kernels
        .slice(0, TOP)
        .map(([name, times]) => [name, ms(best(times)), `${((100 * best(times)) / sum).toFixed(0)} %`]),
    );
    await reportShared();
    const { parts: drift } = await measure('drift');
    for (const [name, [largest]] of Object.entries(drift!))
      console.log(
        `largest difference after 5 M candles from an engine begun later: ${largest?.toExponential(1)} (${name})`,
      );
  },
};

function tableRow(name: string, { candles, times, peakMiB }: Measured): string[] {
  return [name, candles.toLocaleString('en'), ms(best(times)), perSecond(candles, times), peakMiB.toFixed(0)];
}

function perSecond(candles: number, times: readonly number[]): string {
  return Math.round((1000 * candles) / best(times)).toLocaleString('en');
}

/** Compares the shared indicators with those of the libraries. */
async function reportShared(): Promise<void> {
  const scores = await withFolder((folder) => contest(indicatorLibraries(folder), { warmUps: 1, rounds: 6 }));
  const ran = scores.filter((score) => score.times.length > 0);
  const time = ({ parts }: Score, name: string) => best(parts[name] ?? []);
  printTable(
    ['a year of 1m, CPU ms (min)', ...ran.map((score) => score.name)],
    [...SHARED_SET, TOGETHER].map((name) => [name, ...ran.map((score) => ms(time(score, name)))]),
  );
  const [first] = ran;
  const sum = (score: Score, names: readonly string[]) => names.reduce((total, name) => total + time(score, name), 0);
  printTable(
    ['over the indicators it has', 'CPU ms', `÷ ${first!.name}, one by one`, `÷ ${first!.name}, in one table`],
    ran.map((score) => {
      const names = SHARED_SET.filter((name) => score.parts[name]);
      const theirs = score.parts[TOGETHER] ? best(score.parts[TOGETHER]) : sum(score, names);
      const all = names.length === SHARED_SET.length;
      return [
        `${score.name} (${names.length}${score.parts[TOGETHER] ? `, ${TOGETHER}` : ''})`,
        ms(theirs),
        (theirs / sum(first!, names)).toFixed(2),
        all ? (theirs / time(first!, TOGETHER)).toFixed(2) : '–',
      ];
    }),
  );
  printNotes(scores);
}

/** CPU time in ms of runs after some that do not count. */
function cpuTimes(run: () => unknown, repetitions: number, warmUps = 2): number[] {
  return Array.from({ length: warmUps + repetitions }, () => cpuOf(run)).slice(warmUps);
}

async function measureTable(length: number, repetitions: number): Promise<CaseResult> {
  const candles = walkCandles(length);
  return { candles: length, times: cpuTimes(inMonths(candles), repetitions) };
}

async function measureShape(shape: Shape): Promise<CaseResult> {
  const candles = await shapedCandles(shape);
  return { candles: candles.length, times: cpuTimes(inMonths(candles), 9, 6) };
}

/** The whole table with twins and in TypeScript alone, by turns. */
async function measureTwins(): Promise<CaseResult> {
  const candles = walkCandles(YEAR_OF_1M);
  const runs = { twins: inMonths(candles), typescript: inMonths(candles, ALL, { twins: false }) };
  const parts: Record<string, number[]> = { twins: [], typescript: [] };
  for (let round = -2; round < 6; round++) {
    for (const [name, run] of Object.entries(runs)) {
      const [time] = cpuTimes(run, 1, 0);
      if (round >= 0) parts[name]!.push(time!);
    }
  }
  return { candles: YEAR_OF_1M, times: [], parts };
}

/** Each kernel while the whole table runs: the columns that it reads are as warm as they are then. */
async function measureKernels(): Promise<CaseResult> {
  let spent: Record<string, number> = {};
  const run = inMonths(walkCandles(YEAR_OF_1M), ALL, {
    watch(row, compute) {
      const startMs = performance.now();
      compute();
      const name = outputsOf(row)[0]!;
      spent[name] = (spent[name] ?? 0) + performance.now() - startMs;
    },
  });
  const parts: Record<string, number[]> = {};
  for (let i = -2; i < 6; i++) {
    spent = {};
    run();
    if (i >= 0) for (const [name, time] of Object.entries(spent)) parts[name] = [...(parts[name] ?? []), time];
  }
  return { candles: YEAR_OF_1M, times: [], parts };
}

async function measureDrift(): Promise<CaseResult> {
  const { name, difference } = largestDrift(5_000_000, MONTH);
  return { candles: 5_000_000, times: [], parts: { [name]: [difference] } };
}
