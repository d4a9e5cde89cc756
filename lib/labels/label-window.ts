/**
 * Candles with rows to label among them, those before that labels look back at, and those after that decide them. σ is
 * `volatility_7d`, NaN if undefined.
 */
export interface LabelWindow {
  readonly openTimeMs: Float64Array;
  readonly knownAtMs: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly sigma: Float64Array;
}
