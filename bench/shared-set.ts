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

/** Returns the column of the set that belongs to an indicator of one or several columns. */
export function sharedColumnOf(indicator: string): SharedIndicator | undefined {
  return SHARED_SET.find((column) => column === indicator || column.startsWith(`${indicator}_`));
}
