import { CANDLES_SCHEMA } from '../../../lib/domain/table-schema.ts';
import type { TimeRange } from '../../../lib/domain/time-range.ts';
import { tableKey } from '../../../lib/lake/keys.ts';
import { encodeTable } from '../../../lib/parquet/encode-table.ts';
import { BTC, finishedLake, HOUR, JAN, planOf, reportOf, shardOf } from './finished-lake.ts';

describe('candles inside the range', () => {
  const open = { fromMs: JAN + 10 * HOUR, toMs: JAN + 20 * HOUR };

  async function candlesIn(range: TimeRange, openTimes: readonly number[]) {
    const base = planOf({ chunks: [], range });
    const lake = await finishedLake({ ...base, series: [{ ...base.series[0]!, range }] });
    const shard = shardOf(openTimes.length, openTimes[0]!, openTimes.at(-1)!);
    await lake.refined(BTC, [shard]);
    const values = Float64Array.from(openTimes);
    const columns = CANDLES_SCHEMA.columns.map(({ name }) => {
      const text = { words: ['rest'], codes: new Uint8Array(values.length) };
      return [
        name,
        name === 'source' ? text : name.endsWith('time') ? values : new Float64Array(values.length),
      ] as const;
    });
    await lake.store.put(
      tableKey('candles', BTC, '2024'),
      encodeTable(CANDLES_SCHEMA, values.length, new Map(columns)),
    );
    await lake.run();
    return (await reportOf(lake.store)).series[0]!.candles;
  }

  const hours = (from: number, to: number, without: readonly number[] = []) =>
    Array.from({ length: to - from }, (_, i) => from + i)
      .filter((hour) => !without.includes(hour))
      .map((hour) => JAN + hour * HOUR);

  test.each<[string, number[], number]>([
    ['a shard wholly inside', hours(12, 15), 3],
    ['a shard that sticks out on both sides', hours(0, 48), 10],
    ['a shard that ends where the range begins', hours(0, 10), 0],
    ['a shard that begins where the range ends', hours(20, 30), 0],
    ['a cut shard with a hole inside the range', hours(0, 48, [12, 13]), 8],
    ['a cut shard with a hole outside the range', hours(0, 48, [3, 4, 5, 30]), 10],
    ['a cut shard with a hole over the border', hours(0, 48, [8, 9, 10, 11]), 8],
  ])('%s', async (_, openTimes, expected) => {
    const range = { ...open };
    expect(openTimes.filter((timeMs) => timeMs >= range.fromMs && timeMs < range.toMs)).toHaveLength(expected);
    expect(await candlesIn(range, openTimes)).toBe(expected);
  });
});
