import pLimit from 'p-limit';

/** Does the work for every item, `atOnce` of them at a time. Results have the order of the items. */
export function inParallel<T, R>(
  items: readonly T[],
  work: (item: T, index: number) => Promise<R>,
  atOnce = 16,
): Promise<R[]> {
  const limit = pLimit(atOnce);
  return Promise.all(items.map((item, index) => limit(() => work(item, index))));
}
