/**
 * 1 ÷ the number of labels that cover each candle; a label covers the candles from its own to the one that ends it.
 * Candles that no label of `[from, to)` covers have 0. López de Prado (2018), Advances in Financial Machine Learning,
 * ch. 4.3.
 * @param exits row at which each label ends, at or beyond the length where it is still open, negative for no label
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
 * Average uniqueness of the label over candles `[t, exit]`, ch. 4.4. Summed from t on for every row anew: a running sum
 * would have other last bits for another beginning.
 */
export function averageUniqueness(inverse: Float64Array, t: number, exit: number): number {
  let sum = 0;
  for (let c = t; c <= exit; c++) sum += inverse[c];
  return sum / (exit - t + 1);
}
