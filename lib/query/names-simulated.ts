/**
 * Returns true if the SQL names the market `sim`. If a lake holds real and simulated candles, only such SQL reads the
 * simulated ones: a query without a market must not mix them with real ones.
 */
export function namesSimulated(sql: string): boolean {
  return /\bsim\b/i.test(sql);
}
