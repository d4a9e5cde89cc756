import type { Chunk } from '../../../lib/domain/chunk.ts';
import type { SeriesReport } from '../../../lib/lake/refine/contract.ts';
import { BTC, finishedLake, HOUR, JAN, NOW, reportOf, WHOLE } from './finished-lake.ts';

describe('a run that asked about holes', () => {
  const HOLE = { fromMs: JAN + 5 * HOUR, toMs: JAN + 9 * HOUR };
  const WINDOW: Chunk = { series: BTC, source: 'rest', range: HOLE, asOfMs: NOW, sizeBytes: 1 };

  async function holedLake(more: Partial<SeriesReport>) {
    const lake = await finishedLake();
    const series = [{ series: BTC, madePeriods: ['2024'] }];
    const amounts = { candles: 4, leftCandles: 1, notices: ['another notice'] };
    await lake.put('runs/r1/holes.json', { runId: 'r1', chunks: [WINDOW], ...amounts, series });
    await lake.refined(BTC, [{ ...WHOLE, recomputed: false }], more);
    return lake;
  }

  test('is complete once the answers landed and were refined; shards made before the holes count', async () => {
    const lake = await holedLake({ askedHoles: true });
    await lake.land(WINDOW);
    expect((await lake.run()).complete).toBe(true);
    expect(await reportOf(lake.store)).toMatchObject({
      fetchedChunks: 5,
      recomputedShards: 2,
      notices: [
        'a notice',
        'asked REST for 4 candles that archive files lack; left for the next run: 1 candle',
        'another notice',
      ],
    });
  });

  test('lacks an answer that did not land, although an archive file covers it', async () => {
    const lake = await holedLake({});
    const { complete, summary } = await lake.run();
    expect(complete).toBe(false);
    expect(summary).toMatch(
      /^incomplete: 1 of 5 chunks failed: um\/BTCUSDT\/1h rest 20240101T050000Z-20240101T090000Z/,
    );
  });

  test('lacks a series that was not refined after the answer', async () => {
    const lake = await holedLake({});
    await lake.land(WINDOW);
    await lake.put('runs/r1/failures/refine-um_BTCUSDT_1h.json', {
      stage: 'refine',
      item: { series: BTC },
      error: { Error: 'UnexpectedFormat', Cause: '{"errorType":"UnexpectedFormat","errorMessage":"row 7"}' },
    });
    await lake.run();
    expect((await reportOf(lake.store)).failures).toEqual([
      { stage: 'refine', name: 'um/BTCUSDT/1h', error: 'UnexpectedFormat', message: 'row 7' },
    ]);
  });
});
