import { landAnswer, MARK, refineIn, rowsOf, streamLake, T0 } from '../../../support/stream-lake.ts';
import { HOUR_MS } from '../../../support/time.ts';

describe('mark candles', () => {
  const row = (openMs: number, close: number, count: number) =>
    [openMs, '10', '12', '9', String(close), '0', openMs + HOUR_MS - 1, '0', count, '0', '0', '0'] as const;

  test('open candles are left out, placeholders make no conflict, prices do', async () => {
    const lake = streamLake();
    const range = { fromMs: T0, toMs: T0 + 3 * HOUR_MS };
    const rest = [row(T0, 10, 3600), row(T0 + HOUR_MS, 11, 3600), row(T0 + 2 * HOUR_MS, 12, 5)];
    await landAnswer(lake, {
      stream: MARK,
      source: 'rest',
      range,
      body: JSON.stringify(rest),
      asOfMs: T0 + 2.5 * HOUR_MS,
    });
    const file = [row(T0, 10, 60), row(T0 + HOUR_MS, 11.5, 60)].map((fields) => fields.join()).join('\n');
    const day = { fromMs: T0, toMs: T0 + 24 * HOUR_MS };
    await landAnswer(lake, { stream: MARK, source: 'archive_daily', range: day, body: file });
    await refineIn(lake, MARK);
    const rows = await rowsOf(lake, 'mark_candles');
    expect(rows.map((one) => [one['open_time'], one['close'], one['source']])).toEqual([
      [T0, 10, 'archive_daily'],
      [T0 + HOUR_MS, 11.5, 'archive_daily'],
    ]);
    const report = JSON.parse(Buffer.from(lake.objects.get(lake.puts.at(-1)!)!).toString());
    expect(report.shards).toMatchObject([{ duplicates: 1, conflicts: 1, conflictSamples: [{ column: 'close' }] }]);
  });
});
