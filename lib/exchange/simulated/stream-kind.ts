/** The archive's names of the files that are not candles. */
export type StreamKind = 'fundingRate' | 'metrics' | 'markPriceKlines';
