import { CANDLE_COLUMNS } from '../lib/domain/candles.ts';
import { type FeatureRow, outputsOf } from '../lib/features/feature-row.ts';
import { TABLE } from '../lib/features/table.ts';

/** The seventeen indicators that libraries of indicators share, by our name of a column. */
export const SHARED_SET = [
  'sma_20',
  'ema_20',
  'wma_20',
  'rsi_14',
  'macd_12_26_9',
  'bbands_20_2_upper',
  'atr_14',
  'adx_14',
  'stoch_14_3_3_k',
  'stochrsi_14_14_3_k',
  'cci_20',
  'obv',
  'mfi_14',
  'willr_14',
  'roc_10',
  'sar_0p02_0p2',
  'trix_15',
] as const;
export type SharedIndicator = (typeof SHARED_SET)[number];

/** The rows of the table that these columns need, hidden ones included, in the table's order. */
export function rowsFor(columns: readonly string[]): FeatureRow[] {
  const candleColumns: ReadonlySet<string> = new Set(CANDLE_COLUMNS);
  const wanted = new Set(columns);
  const table: readonly FeatureRow[] = TABLE;
  return [...table]
    .reverse()
    .filter((row) => {
      const needed = outputsOf(row).some((name) => wanted.has(name));
      if (needed) for (const name of row.inputs) if (!candleColumns.has(name)) wanted.add(name);
      return needed;
    })
    .reverse();
}
