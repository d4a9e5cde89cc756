/**
 * Returns 1 ÷ the number of labels that cover each candle. A label covers the candles from its own to the one that ends
 * it. Candles that no label of `[from, to)` covers have 0. López de Prado (2018), Advances in Financial Machine
 * Learning, ch. 4.3.
 * @param exits row at which each label ends; at or beyond the length if it is still open, negative if there is no label
 */
export function inverseConcurrency(exits: Int32Array, from: number, to: number): Float64Array {
  const candles = exits.length;
  const change = new Int32Array(candles + 1);
  for (let i = from; i < to; i++) {
    const exit = exits[i];
    if (exit < 0) continue;
    change[i]++;
    if (exit < candles) change[exit + 1]--;
  }
  const inverse = new Float64Array(candles);
  let open = 0;
  for (let c = from; c < candles; c++) {
    open += change[c];
    inverse[c] = open > 0 ? 1 / open : 0;
  }
  return inverse;
}

/**
 * Returns the average uniqueness of the label over candles `[t, exit]`, ch. 4.4. Every row is summed from t on, because
 * the last bits of a running sum depend on its first row.
 */
export function averageUniqueness(inverse: Float64Array, t: number, exit: number): number {
  let sum = 0;
  for (let c = t; c <= exit; c++) sum += inverse[c];
  return sum / (exit - t + 1);
}
