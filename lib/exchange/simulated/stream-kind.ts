/** What the archive calls the files that are not candles. */
export type StreamKind = 'fundingRate' | 'metrics' | 'markPriceKlines';
