import type { Interval } from '../domain/interval.ts';
import type { LabelRow } from './label.ts';
import { fixedHorizon, labelHorizon } from './label-horizon.ts';
import { LABELS } from './labels.ts';

export type { LabelPack, LabelRow, LabelValue } from './label.ts';

/** The columns of the table `labels`, in their order. Row t is one candle; later candles are t+1, t+2 and so on. */
export const LABEL_TABLE = [
  {
    name: 'open_time',
    type: 'timestamp',
    nullable: false,
    meaning: 'Open time of the candle that the row labels.',
    formula: 'open_time[t]',
    unit: 'instant',
    horizon: () => 0,
    known: 'close of candle t',
    source: 'its definition',
  },
  {
    name: 'known_at',
    type: 'timestamp',
    nullable: false,
    meaning: 'Instant at which all labels of the row are known.',
    formula: `close of the later of signal's exit candle and candle t+${fixedHorizon('1m')}`,
    unit: 'instant',
    horizon: labelHorizon,
    known: 'known_at',
    source: 'its definition',
  },
  ...LABELS.flatMap(({ columns }) => columns as readonly Column[]),
] as const satisfies readonly LabelRow[];

type Column = (typeof LABELS)[number]['columns'][number];

/** A row of the label table with its horizon at one interval, as `lake labels --json` prints it. */
export interface LabelDescription extends Omit<LabelRow, 'horizon'> {
  /** Number of later candles that the column can depend on. */
  readonly horizonCandles: number;
}

/** Returns all columns of the table `labels`, in their order. */
export function describeLabels(interval: Interval): LabelDescription[] {
  const rows: readonly LabelRow[] = LABEL_TABLE;
  return rows.map(({ horizon, ...row }) => ({ ...row, horizonCandles: horizon(interval) }));
}
