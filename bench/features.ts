import { CANDLE_COLUMNS, type Candles } from '../lib/domain/candles.ts';
import { createFeatureEngine } from '../lib/features/engine.ts';
import { type FeatureRow, outputsOf } from '../lib/features/feature-row.ts';
import { TABLE } from '../lib/features/table.ts';
import type { Benchmark, CaseResult } from './benchmark.ts';
import { PEER_INDICATORS } from './peer-indicators.ts';
import { printTable } from './print-table.ts';
import { best, ms, repeat, timesText } from './repeat.ts';
import { SHAPES, type Shape, shapedCandles } from './shapes.ts';

const TIMES = { warmUps: 6, repetitions: 15 };
const PEER_TIMES = { warmUps: 2, repetitions: 3 };
const TOP = 12;

const ROWS: readonly FeatureRow[] = TABLE;

/** The feature table over one month of 1m: whole, by shape of the candles, kernel by kernel, against the peer. */
export const features: Benchmark = {
  about: 'the feature table over one month of 1m (44,640 candles), in memory',
  cases: {
    ...Object.fromEntries(SHAPES.map((shape) => [shape, () => measureTable(shape)])),
    kernels: measureKernels,
    peer: measurePeer,
  },
  async report(measure) {
    const columns = ROWS.flatMap((row) => row.columns).length;
    const tables: string[][] = [];
    for (const shape of SHAPES) {
      const { candles, times, peakMiB } = await measure(shape);
      const rate = Math.round((1000 * candles) / best(times)).toLocaleString('en');
      tables.push([shape, timesText(times), rate, peakMiB.toFixed(0)]);
    }
    printTable([`whole table, ${columns} columns`, 'ms: min  mean±sd', 'candles/s', 'peak MiB'], tables);

    const { parts: kernels } = await measure('kernels');
    const slowest = Object.entries(kernels!).sort((a, b) => best(b[1]) - best(a[1]));
    const sum = slowest.reduce((total, [, times]) => total + best(times), 0);
    printTable(
      ['slowest kernels', 'ms: min  mean±sd', 'of all'],
      slowest
        .slice(0, TOP)
        .map(([name, times]) => [name, timesText(times), `${((100 * best(times)) / sum).toFixed(0)} %`]),
    );

    const { parts: peer } = await measure('peer');
    const ours = (name: string) =>
      (SHARED[name] ?? [name]).reduce((total, kernel) => total + best(kernels![kernel]!), 0);
    const rows = Object.keys(PEER_INDICATORS).map((name) => [name, ours(name), best(peer![name]!)] as const);
    const total = rows.reduce(([, a, b], [, ourMs, peerMs]) => ['all', a + ourMs, b + peerMs], ['all', 0, 0] as const);
    printTable(
      ['the same indicator, ms (min)', 'ours', 'technicalindicators', 'ratio'],
      [...rows, total].map(([name, a, b]) => [name, ms(a), ms(b), (b / a).toFixed(1)]),
    );
  },
};

/** Entries of the table that together are one indicator of the peer, by the first output of each. */
const SHARED: Readonly<Record<string, readonly string[]>> = {
  adx_14: ['trange', 'plus_di_14', 'adx_14'],
  stoch_14_3_3: ['stoch_raw_14', 'stoch_14_3_3_k'],
  cci_20: ['typical_price', 'cci_20'],
  atr_14: ['trange', 'atr_14'],
  bbands_20_2: ['bbands_20_2_upper'],
  mfi_14: ['typical_price', 'rising_flow', 'mfi_14'],
};

async function measureTable(shape: Shape): Promise<CaseResult> {
  const candles = await shapedCandles(shape);
  const engine = createFeatureEngine('1m');
  const times = await repeat(() => engine.run(candles).columns.rsi_14, { ...TIMES, before: () => engine.reset() });
  return { candles: candles.length, times };
}

/** Each entry alone, reading what the entries before it computed. */
async function measureKernels(): Promise<CaseResult> {
  const candles = await shapedCandles('seeded');
  const parts: Record<string, number[]> = {};
  const memory = columnsWithRoom(candles);
  for (const row of ROWS) {
    const kernel = row.kernel(row.parameters as never, { interval: '1m' });
    const inputs = row.inputs.map((name) => memory.column(name));
    const names = outputsOf(row);
    const outputs = names.map((name) => memory.column(name));
    const state = new Float64Array(kernel.stateLength);
    parts[names[0]!] = await repeat(
      () => {
        kernel.run(state, inputs, outputs, memory.room, memory.room + candles.length, 0);
        return outputs[0];
      },
      { ...TIMES, before: () => state.fill(0) },
    );
  }
  return { candles: candles.length, times: [], parts };
}

/** Columns as the engine holds them: NaN before the first row, as many rows as the longest history of seven days. */
function columnsWithRoom(candles: Candles) {
  const room = 7 * 1440;
  const columns = new Map<string, Float64Array>();
  const fresh = () => new Float64Array(room + candles.length).fill(Number.NaN);
  for (const name of CANDLE_COLUMNS) {
    const values = fresh();
    values.set(candles[name], room);
    columns.set(name, values);
  }
  return {
    room,
    column(name: string): Float64Array {
      const values = columns.get(name) ?? fresh();
      columns.set(name, values);
      return values;
    },
  };
}

async function measurePeer(): Promise<CaseResult> {
  const candles = await shapedCandles('seeded');
  const { high, low, close, volume } = candles;
  const arrays = { high: [...high], low: [...low], close: [...close], volume: [...volume] };
  const parts: Record<string, number[]> = {};
  for (const [name, calculate] of Object.entries(PEER_INDICATORS)) {
    parts[name] = await repeat(() => calculate(arrays).length, PEER_TIMES);
  }
  return { candles: candles.length, times: [], parts };
}
