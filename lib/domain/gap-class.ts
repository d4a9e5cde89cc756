/** Why an interval of the grid is no candle, or a candle that not every source has as it is. */
export const GAP_CLASSES = [
  'exchange_absent',
  'archive_hole',
  'not_listed',
  'settled',
  'source_conflict',
  'fetch_failed',
  'unknown',
] as const;
export type GapClass = (typeof GAP_CLASSES)[number];
