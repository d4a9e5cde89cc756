/** The reasons for a ledger row: an interval has no candle, or its candle is missing from a source or differs there. */
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
