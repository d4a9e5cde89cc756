/**
 * The functions of the WebAssembly module, by name. A test compares the list with the exports of the module, and each
 * number of arguments with the kernels that name the function.
 */
export const TWIN_NAMES = [
  'autocorrelation',
  'awesomeOscillator',
  'bandPlace',
  'bop',
  'buyingPressure',
  'candleParts',
  'candleSize',
  'cci',
  'cmo',
  'dayMoments',
  'definedMean',
  'deltaVolume',
  'deviation',
  'donchian',
  'easeOfMovement',
  'envelope',
  'exponentialAverage',
  'extremes',
  'fisher',
  'flowVolume',
  'fractionalDifference',
  'kst',
  'lagged',
  'logChange',
  'medianPrice',
  'mfi',
  'momentum',
  'moneyFlow',
  'move',
  'naturalLog',
  'nearExtreme',
  'percentChange',
  'percentOf',
  'percentRank',
  'ppo',
  'priceImpact',
  'product',
  'rangeVariances',
  'ratio',
  'relativeChange',
  'roc',
  'rootMean',
  'rsi',
  'signedVolume',
  'skewKurtosis',
  'sma',
  'squareRoot',
  'squaredDrawdown',
  'stochFast',
  'stochSlow',
  'sumRatio',
  'sums',
  'tema',
  'tercile',
  'trueRange',
  'tsi',
  'twiceLess',
  'typicalPrice',
  'ultosc',
  'variance',
  'willr',
  'yangZhang',
  'zscore',
] as const;
export type TwinName = (typeof TWIN_NAMES)[number];

/**
 * A function in WebAssembly that computes what a kernel's `run` computes, with the same bits. `run` is the
 * specification. It also runs if there is no WebAssembly, or not enough memory for it. wasm/assembly/index.ts gives the
 * order of the arguments.
 */
export interface Twin {
  readonly name: TwinName;
  /** Numbers after the common arguments. */
  readonly parameters?: readonly number[];
  /** Numbers that the function only reads, such as weights. */
  readonly constants?: Float64Array;
  /** Doubles that the function may overwrite. They hold anything at the beginning of each call. */
  readonly scratch?: number;
}
