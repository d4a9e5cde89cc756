/** Returns the value of a key. It is computed and stored the first time. */
export function getOrCompute<K, T>(values: Map<K, T>, key: K, compute: () => T): T {
  const value = values.get(key) ?? compute();
  values.set(key, value);
  return value;
}
