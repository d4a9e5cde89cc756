/**
 * Twins of the kernels, in AssemblyScript. Each exported function computes rows `[begin, end)` of one kernel, with the
 * bits of the kernel's `run` in TypeScript. Its arguments are, in this order:
 *
 * 1. the address of the state, if the kernel has one
 * 2. the address of constants, if the twin has them
 * 3. the address of scratch, if the twin has it; it holds anything, also values of other kernels
 * 4. the addresses of the input columns, then those of the output columns, in the order of the table's row
 * 5. `begin`, `end` and `index`, as in `Kernel.run`
 * 6. the twin's own parameters
 *
 * Addresses are in bytes, rows in values of 8 bytes. An address of a column is that of its row 0. The caller checks
 * arrays and rows; a twin allocates nothing. A twin may load a vector that begins at the last row of a column, and must
 * ignore what is behind that row. It never uses a number of a column or of the state as an address or as a
 * count without a bound, because a checkpoint may be damaged.
 *
 * Loops without a branch on data are fast. V8 compiles a conditional on doubles to a branch, so use masks of `v128`.
 * The compiler does not vectorise, so loops over rows use `f64x2` by hand.
 */
export * from './arithmetic';
export * from './averages';
export * from './bands';
export * from './candle-prices';
export * from './cci';
export * from './changes';
export * from './delta-volume';
export * from './exponential-averages';
export * from './extremes';
export * from './fisher';
export * from './flows';
export * from './fractional-difference';
export * from './moments';
export * from './money-flow-index';
export * from './near-extreme';
export * from './percent-rank';
export * from './range-volatility';
export * from './regimes';
export * from './return-statistics';
export * from './rsi';
export * from './stochastic';
export * from './ultosc';

/** Returns the first address that no constant of the module uses. */
export function heapBase(): usize {
  return __heap_base;
}
