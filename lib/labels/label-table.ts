import type { Interval } from '../domain/interval.ts';
import type { ColumnType } from '../domain/table-schema.ts';
import { LONGEST_RETURN, labelHorizon, signalHorizon, TRIPLE_BARRIER_CANDLES } from './label-horizon.ts';

/**
 * One row of the label table: the description of one column of `labels`, for the schema, the command and the documents.
 */
export interface LabelRow {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
  /** One sentence, without the values. */
  readonly meaning: string;
  readonly formula: string;
  readonly unit: 'instant' | 'class' | 'flag' | 'fraction' | 'candles' | 'weight';
  /** The values that the column can have. The n-th one is class n of a training pack. */
  readonly values?: readonly LabelValue[];
  /** Number of later candles that the column can depend on. */
  readonly horizon: (interval: Interval) => number;
  /** The instant from which the value is known. */
  readonly known: string;
  readonly source: string;
}

export interface LabelValue {
  readonly value: number;
  readonly meaning: string;
}

const none = () => 0;
const barrierHorizon = () => TRIPLE_BARRIER_CANDLES;

const ORIGINAL = 'the original system, with a fixed horizon';
const TRIPLE_BARRIER = 'López de Prado (2018), ch. 3.4';
const UNIQUENESS = 'López de Prado (2018), ch. 4.4';
const OWN = 'its definition';

/** A forward return: the close `ahead` candles later relative to the close of the row. */
function forwardReturn<const Name extends string>(name: Name, ahead: number) {
  return {
    name,
    type: 'float64',
    nullable: true,
    meaning: `Return from this close to the close ${ahead === 1 ? '1 candle' : `${ahead} candles`} later.`,
    formula: `close[t+${ahead}] / close[t] - 1`,
    unit: 'fraction',
    horizon: () => ahead,
    known: `close of candle t+${ahead}`,
    source: OWN,
  } as const satisfies LabelRow;
}

/** The columns of the table `labels`, in their order. Row t is one candle; later candles are t+1, t+2 and so on. */
export const LABEL_TABLE = [
  {
    name: 'open_time',
    type: 'timestamp',
    nullable: false,
    meaning: 'Open time of the candle that the row labels.',
    formula: 'open_time[t]',
    unit: 'instant',
    horizon: none,
    known: 'close of candle t',
    source: OWN,
  },
  {
    name: 'known_at',
    type: 'timestamp',
    nullable: false,
    meaning: 'Instant at which all labels of the row are known.',
    formula: `close of the later of signal's exit candle and candle t+${LONGEST_RETURN}`,
    unit: 'instant',
    horizon: labelHorizon,
    known: 'known_at',
    source: OWN,
  },
  {
    name: 'signal',
    type: 'int8',
    nullable: true,
    meaning: 'Which barrier the price reaches first: close[t] × (1 ± signal_target), within the horizon.',
    formula: 'first candle after t with high ≥ close[t] × (1 + target) or low ≤ close[t] × (1 - target)',
    unit: 'class',
    values: [
      { value: 0, meaning: 'the lower barrier first, or both barriers in one candle' },
      { value: 1, meaning: 'the upper barrier first' },
      { value: 2, meaning: 'neither barrier within the horizon' },
    ],
    horizon: signalHorizon,
    known: 'signal_t1',
    source: ORIGINAL,
  },
  {
    name: 'signal_target',
    type: 'float64',
    nullable: true,
    meaning: "Distance of signal's barriers from the close. It is known at the close of the row's candle.",
    formula: 'base × volatility_7d[t]; base 3 below 1h, 4 at 1h and 2h, 3 at 4h to 12h, 2 from 1d on',
    unit: 'fraction',
    horizon: none,
    known: 'close of candle t',
    source: ORIGINAL,
  },
  {
    name: 'signal_bars',
    type: 'int32',
    nullable: true,
    meaning: 'Number of candles after t until signal is decided.',
    formula: 'exit - t',
    unit: 'candles',
    horizon: signalHorizon,
    known: 'signal_t1',
    source: ORIGINAL,
  },
  {
    name: 'signal_return',
    type: 'float64',
    nullable: true,
    meaning: 'Return at the exit of signal.',
    formula: 'signal 0: -target; signal 1: target; signal 2: close[exit] / close[t] - 1',
    unit: 'fraction',
    horizon: signalHorizon,
    known: 'signal_t1',
    source: ORIGINAL,
  },
  {
    name: 'signal_t1',
    type: 'timestamp',
    nullable: true,
    meaning: 'Instant at which signal is decided: the close of its exit candle.',
    formula: 'known_at of the exit candle',
    unit: 'instant',
    horizon: signalHorizon,
    known: 'signal_t1',
    source: ORIGINAL,
  },
  {
    name: 'signal_ambiguous',
    type: 'int8',
    nullable: true,
    meaning: 'Whether one candle reached both barriers, so that their order is unknown.',
    formula: 'high[exit] ≥ upper and low[exit] ≤ lower',
    unit: 'flag',
    values: [
      { value: 0, meaning: 'at most one barrier in the exit candle' },
      { value: 1, meaning: 'both barriers in the exit candle; signal is then 0' },
    ],
    horizon: signalHorizon,
    known: 'signal_t1',
    source: ORIGINAL,
  },
  {
    name: 'tb_2_20',
    type: 'int8',
    nullable: true,
    meaning: 'Triple barrier on closes: ±2 σ of the last 20 returns, at most 20 candles.',
    formula: 'first close of t+1 … t+20 at or beyond close[t] × (1 ± 2 σ20[t]), else 0',
    unit: 'class',
    values: [
      { value: -1, meaning: 'a close at or below the lower barrier first' },
      { value: 0, meaning: 'neither barrier within 20 candles' },
      { value: 1, meaning: 'a close at or above the upper barrier first' },
    ],
    horizon: barrierHorizon,
    known: 'tb_2_20_t1',
    source: TRIPLE_BARRIER,
  },
  {
    name: 'tb_2_20_return',
    type: 'float64',
    nullable: true,
    meaning: 'Return of the close at the exit of tb_2_20.',
    formula: 'close[exit] / close[t] - 1',
    unit: 'fraction',
    horizon: barrierHorizon,
    known: 'tb_2_20_t1',
    source: TRIPLE_BARRIER,
  },
  {
    name: 'tb_2_20_t1',
    type: 'timestamp',
    nullable: true,
    meaning: 'Instant at which tb_2_20 is decided: the close of its exit candle.',
    formula: 'known_at of the exit candle',
    unit: 'instant',
    horizon: barrierHorizon,
    known: 'tb_2_20_t1',
    source: TRIPLE_BARRIER,
  },
  forwardReturn('fwd_return_1', 1),
  forwardReturn('fwd_return_5', 5),
  forwardReturn('fwd_return_15', 15),
  forwardReturn('fwd_return_60', LONGEST_RETURN),
  {
    name: 'trend_up_15',
    type: 'int8',
    nullable: true,
    meaning: 'Whether the close is higher 15 candles later.',
    formula: 'fwd_return_15 > 0',
    unit: 'class',
    values: [
      { value: 0, meaning: 'the close is lower or equal 15 candles later' },
      { value: 1, meaning: 'the close is higher 15 candles later' },
    ],
    horizon: () => 15,
    known: 'close of candle t+15',
    source: OWN,
  },
  {
    name: 'uniqueness',
    type: 'float64',
    nullable: true,
    meaning: 'Sample weight of signal, between 0 and 1: low if many labels share its candles.',
    formula: 'mean over candles t … exit of 1 / (number of signals that cover the candle)',
    unit: 'weight',
    horizon: signalHorizon,
    known: 'signal_t1',
    source: UNIQUENESS,
  },
] as const satisfies readonly LabelRow[];
