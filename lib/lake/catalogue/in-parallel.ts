import pLimit from 'p-limit';

/** Objects asked for at once; a whole market has hundreds of series. */
const CONCURRENCY = 16;

/** Does the work for every item, a few at a time; results in the order of the items. */
export function inParallel<T, R>(items: readonly T[], work: (item: T, index: number) => Promise<R>): Promise<R[]> {
  const limit = pLimit(CONCURRENCY);
  return Promise.all(items.map((item, index) => limit(() => work(item, index))));
}
