/**
 * Returns, for each instant, the last row that was known by then, or -1 if none was. Both lists ascend. Of several rows
 * known at one instant it is the last.
 */
export function lastKnownBy(knownAtMs: Float64Array, instants: Float64Array): Int32Array {
  const found = new Int32Array(instants.length);
  let next = 0;
  for (let i = 0; i < instants.length; i++) {
    while (next < knownAtMs.length && knownAtMs[next] <= instants[i]) next++;
    found[i] = next - 1;
  }
  return found;
}
