import { FUNDING, landAnswer, refineIn, rowsOf, streamLake } from '../../../support/stream-lake.ts';
import { HOUR_MS } from '../../../support/time.ts';

describe('funding', () => {
  test('a file gives rate and interval, REST the mark price; the hour joins them', async () => {
    const lake = streamLake();
    const due = Date.parse('2024-01-31T08:00Z');
    const range = { fromMs: due, toMs: due + 16 * HOUR_MS };
    const rest = [
      { fundingTime: due + 3, fundingRate: '0.00010000', markPrice: '43000.5', rateType: 'Regular' },
      { fundingTime: due + 8 * HOUR_MS, fundingRate: '-0.00002', markPrice: '' },
    ];
    await landAnswer(lake, { stream: FUNDING, source: 'rest', range, body: JSON.stringify(rest) });
    await refineIn(lake, FUNDING);
    expect((await rowsOf(lake, 'funding')).map((row) => row['source'])).toEqual(['rest', 'rest']);
    await landAnswer(lake, {
      stream: FUNDING,
      source: 'archive_monthly',
      range: { fromMs: Date.parse('2024-01-01'), toMs: Date.parse('2024-02-01') },
      body: [
        'calc_time,funding_interval_hours,last_funding_rate',
        `${due + 3},8,0.00010000`,
        `${due + 8 * HOUR_MS},4,1.5e-05\n`,
      ].join('\n'),
    });
    await refineIn(lake, FUNDING);
    const common = { source: 'archive_monthly' };
    expect(await rowsOf(lake, 'funding')).toEqual([
      {
        ...common,
        funding_time: due + 3,
        scheduled_time: due,
        funding_rate: 0.0001,
        funding_interval_hours: 8,
        mark_price: 43000.5,
        known_at: due + 3,
      },
      {
        ...common,
        funding_time: due + 8 * HOUR_MS,
        scheduled_time: due + 8 * HOUR_MS,
        funding_rate: 0.000015,
        funding_interval_hours: 4,
        mark_price: null,
        known_at: due + 8 * HOUR_MS,
      },
    ]);
    const report = JSON.parse(Buffer.from(lake.objects.get(lake.puts.at(-1)!)!).toString());
    expect(report.shards).toMatchObject([{ period: '2024', duplicates: 1, conflicts: 1 }]);
  });
});
