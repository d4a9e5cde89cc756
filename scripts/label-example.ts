import { computeLabels, type LabelColumns } from '../lib/labels/compute-labels.ts';
import type { LabelWindow } from '../lib/labels/label.ts';
import { labelHorizon } from '../lib/labels/label-horizon.ts';

/** A candle of the worked example: high, low, close. */
type ExampleCandle = readonly [high: number, low: number, close: number];

/** One case of the worked example: a candle that closes at 100 and the candles after it. */
export interface LabelExample {
  readonly title: string;
  readonly candles: readonly ExampleCandle[];
}

export const EXAMPLE_INTERVAL = '4h';
/** `volatility_7d` at row t. The barriers of `signal` are three times as far away at 4h. */
export const EXAMPLE_SIGMA = 0.01;

/** The candles t … t+10 of each case. */
export const LABEL_EXAMPLES: readonly LabelExample[] = [
  {
    title: 'signal = 1',
    candles: [
      [100.4, 99.5, 100],
      [100.9, 99.7, 100.6],
      [100.8, 99.8, 100.2],
      [101.4, 100.0, 101.1],
      [102.2, 100.9, 101.9],
      [102.7, 101.5, 102.4],
      [103.2, 102.0, 102.8],
      [102.9, 101.2, 101.6],
      [101.9, 100.3, 100.8],
      [101.2, 99.6, 100.1],
      [100.7, 99.1, 99.5],
    ],
  },
  {
    title: 'signal = 0',
    candles: [
      [100.4, 99.5, 100],
      [100.3, 99.1, 99.4],
      [100.2, 99.0, 99.9],
      [100.1, 98.3, 98.6],
      [98.9, 97.6, 98.1],
      [98.4, 96.8, 97.4],
      [98.8, 97.1, 98.5],
      [100.0, 98.2, 99.7],
      [101.6, 99.5, 101.3],
      [103.4, 101.0, 103.1],
      [103.9, 102.6, 103.5],
    ],
  },
  {
    title: 'signal = 2',
    candles: [
      [100.4, 99.5, 100],
      [100.8, 99.6, 100.5],
      [101.5, 100.1, 101.2],
      [101.8, 100.4, 100.7],
      [101.0, 99.2, 99.4],
      [99.8, 98.4, 98.8],
      [99.6, 98.3, 99.3],
      [100.5, 99.0, 100.2],
      [101.1, 99.8, 100.6],
      [101.7, 100.2, 101.4],
      [101.6, 100.5, 100.9],
    ],
  },
];

/** The row of the labelled candle in the window: 20 returns lie before it. */
const LABELLED_ROW = 20;
const BEGIN_MS = Date.UTC(2026, 0, 1);
const CANDLE_MS = 4 * 3_600_000;

/**
 * Returns the candles of a case as the labels read them. Before row t the close alternates between 99.5 and 100. After
 * the listed candles it stays at the last close until all labels are decided.
 */
function exampleWindow({ candles }: LabelExample): LabelWindow {
  const before = Array.from({ length: LABELLED_ROW }, (_, i): ExampleCandle => {
    const close = i % 2 === 0 ? 100 : 99.5;
    return [close, close, close];
  });
  const last = candles.at(-1)![2];
  const after = Array(1 + labelHorizon(EXAMPLE_INTERVAL) - candles.length).fill([last, last, last]);
  const all: ExampleCandle[] = [...before, ...candles, ...after];
  return {
    openTimeMs: Float64Array.from(all, (_, i) => BEGIN_MS + (i - LABELLED_ROW) * CANDLE_MS),
    knownAtMs: Float64Array.from(all, (_, i) => BEGIN_MS + (i - LABELLED_ROW + 1) * CANDLE_MS),
    high: Float64Array.from(all, ([high]) => high),
    low: Float64Array.from(all, ([, low]) => low),
    close: Float64Array.from(all, ([, , close]) => close),
    sigma: Float64Array.from(all, (_, i) => (i === LABELLED_ROW ? EXAMPLE_SIGMA : Number.NaN)),
  };
}

/** Returns the labels of row t of a case. */
export function exampleLabels(example: LabelExample): Record<keyof LabelColumns['columns'], number> {
  const { columns } = computeLabels(EXAMPLE_INTERVAL, exampleWindow(example), LABELLED_ROW, LABELLED_ROW + 1);
  return Object.fromEntries(Object.entries(columns).map(([name, [value]]) => [name, value])) as never;
}
