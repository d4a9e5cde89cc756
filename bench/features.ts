import { type Candles, sliceCandles } from '../lib/domain/candles.ts';
import { createFeatureEngine, type EngineOptions } from '../lib/features/engine.ts';
import { type FeatureRow, outputsOf } from '../lib/features/feature-row.ts';
import { featureRows, TABLE } from '../lib/features/table.ts';
import type { Benchmark, CaseResult, Measured } from './benchmark.ts';
import { largestDrift } from './drift.ts';
import { PEER_INDICATORS } from './peer-indicators.ts';
import { printTable } from './print-table.ts';
import { PYTHON_LIBRARIES, type PythonLibrary, timePythonLibrary } from './python-libraries.ts';
import { best, ms, sink } from './repeat.ts';
import { SHAPES, type Shape, shapedCandles } from './shapes.ts';
import { SHARED_SET } from './shared-set.ts';
import { walkCandles } from './walk-candles.ts';

const YEAR = 525_600;
/** Candles that refine gives to the engine at once: a month of 1m. */
const MONTH = YEAR / 12;
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
    year: () => measureTable(YEAR, 6),
    decade: () => measureTable(DECADE, 2),
    kernels: measureKernels,
    shared: measureShared,
    technicalindicators: measurePeer,
    drift: measureDrift,
  },
  async report(measure) {
    const columns = ALL.flatMap((row) => row.columns).length;
    const rows: string[][] = [];
    for (const name of ['year', 'decade', ...SHAPES]) rows.push(tableRow(name, await measure(name)));
    printTable([`whole table, ${columns} columns`, 'candles', 'CPU ms', 'candles/s', 'peak MiB'], rows);

    const kernels = Object.entries((await measure('kernels')).parts!).sort((a, b) => best(b[1]) - best(a[1]));
    const sum = kernels.reduce((total, [, times]) => total + best(times), 0);
    printTable(
      [`slowest of ${kernels.length} kernels, a year`, 'ms (min)', 'of all'],
      kernels
        .slice(0, TOP)
        .map(([name, times]) => [name, ms(best(times)), `${((100 * best(times)) / sum).toFixed(0)} %`]),
    );
    await reportShared(measure);
    const { parts: drift } = await measure('drift');
    for (const [name, [largest]] of Object.entries(drift!))
      console.log(
        `largest difference after 5 M candles from an engine begun later: ${largest?.toExponential(1)} (${name})`,
      );
  },
};

function tableRow(name: string, { candles, times, peakMiB }: Measured): string[] {
  const rate = Math.round((1000 * candles) / best(times)).toLocaleString('en');
  return [name, candles.toLocaleString('en'), ms(best(times)), rate, peakMiB.toFixed(0)];
}

async function reportShared(measure: (name: string) => Promise<Measured>): Promise<void> {
  const { parts: ours } = await measure('shared');
  const { parts: peer } = await measure('technicalindicators');
  const candles = walkCandles(YEAR);
  const libraries: [string, Readonly<Record<string, readonly number[]>>][] = [];
  for (const [library, title] of Object.entries(PYTHON_LIBRARIES)) {
    const { version, times, failed } = timePythonLibrary(library as PythonLibrary, candles);
    for (const [name, why] of Object.entries(failed)) console.log(`${title}, ${name}: left out, ${why}`);
    if (Object.keys(times).length > 0) libraries.push([`${title} ${version}`, times]);
  }
  libraries.push(['technicalindicators', peer!]);
  const time = (times: Readonly<Record<string, readonly number[]>>, name: string) => best(times[name] ?? []);
  printTable(
    ['shared set, a year, CPU ms (min)', 'ours', ...libraries.map(([title]) => title)],
    SHARED_SET.map((name) => [name, ms(time(ours!, name)), ...libraries.map(([, times]) => ms(time(times, name)))]),
  );
  const together = best(ours!['together']!);
  printTable(
    ['over the indicators it has', 'CPU ms', 'ours, one by one', '÷ ours', 'ours, one table', '÷ ours'],
    libraries.map(([title, times]) => {
      const names = SHARED_SET.filter((name) => times[name]);
      const theirs = names.reduce((total, name) => total + time(times, name), 0);
      const alone = names.reduce((total, name) => total + time(ours!, name), 0);
      const all = names.length === SHARED_SET.length;
      const whole = all ? [ms(together), (theirs / together).toFixed(2)] : ['–', '–'];
      return [`${title} (${names.length})`, ms(theirs), ms(alone), (theirs / alone).toFixed(2), ...whole];
    }),
  );
  console.log(`ours in one table over the whole year at once: ${ms(best(ours!['whole']!))} ms\n`);
}

/** CPU time in ms of runs after some that do not count. */
function cpuTimes(run: () => unknown, repetitions: number, warmUps = 2): number[] {
  const times: number[] = [];
  for (let i = -warmUps; i < repetitions; i++) {
    globalThis.gc?.();
    const before = process.cpuUsage();
    sink(run());
    const { user, system } = process.cpuUsage(before);
    if (i >= 0) times.push((user + system) / 1000);
  }
  return times;
}

/** Runs an engine over candles month by month, as refine does. */
function inMonths(candles: Candles, rows?: readonly FeatureRow[], options?: EngineOptions): () => unknown {
  const engine = createFeatureEngine('1m', rows, options);
  const months: Candles[] = [];
  for (let from = 0; from < candles.length; from += MONTH)
    months.push(sliceCandles(candles, from, Math.min(from + MONTH, candles.length)));
  return () => {
    engine.reset();
    let last: unknown;
    for (const month of months) last = engine.run(month).length;
    return last;
  };
}

async function measureTable(length: number, repetitions: number): Promise<CaseResult> {
  const candles = walkCandles(length);
  return { candles: length, times: cpuTimes(inMonths(candles), repetitions) };
}

async function measureShape(shape: Shape): Promise<CaseResult> {
  const candles = await shapedCandles(shape);
  return { candles: candles.length, times: cpuTimes(inMonths(candles), 9, 6) };
}

/** Each kernel while the whole table runs: the columns that it reads are as warm as they are then. */
async function measureKernels(): Promise<CaseResult> {
  let spent: Record<string, number> = {};
  const run = inMonths(walkCandles(YEAR), ALL, {
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
  return { candles: YEAR, times: [], parts };
}

/** Each shared indicator with the hidden columns it needs, and all of them in one table, which shares these. */
async function measureShared(): Promise<CaseResult> {
  const candles = walkCandles(YEAR);
  const parts: Record<string, number[]> = {};
  for (const name of SHARED_SET) parts[name] = cpuTimes(inMonths(candles, featureRows([name])), 9, 3);
  parts['together'] = cpuTimes(inMonths(candles, featureRows(SHARED_SET)), 9, 3);
  const engine = createFeatureEngine('1m', featureRows(SHARED_SET));
  const whole = () => {
    engine.reset();
    return engine.run(candles).length;
  };
  parts['whole'] = cpuTimes(whole, 5);
  return { candles: YEAR, times: [], parts };
}

async function measurePeer(): Promise<CaseResult> {
  const { high, low, close, volume } = walkCandles(YEAR);
  const arrays = { high: [...high], low: [...low], close: [...close], volume: [...volume] };
  const parts: Record<string, number[]> = {};
  for (const [name, calculate] of Object.entries(PEER_INDICATORS)) {
    const column = SHARED_SET.find((shared) => shared === name || shared.startsWith(`${name}_`));
    if (column) parts[column] = cpuTimes(() => calculate(arrays).length, 2, 1);
  }
  return { candles: YEAR, times: [], parts };
}

async function measureDrift(): Promise<CaseResult> {
  const { name, difference } = largestDrift(5_000_000, MONTH);
  return { candles: 5_000_000, times: [], parts: { [name]: [difference] } };
}
