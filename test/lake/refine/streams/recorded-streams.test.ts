import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Stream } from '../../../../lib/domain/stream.ts';
import { describeWithRecordedData, recordedFile } from '../../../support/recorded-data.ts';
import { landAnswer, landSighting, refineIn, rowsOf, streamLake } from '../../../support/stream-lake.ts';

const FUNDING: Stream = { name: 'funding', market: 'um', symbol: 'BTCUSDT' };
const OPEN_INTEREST: Stream = { name: 'open_interest', market: 'um', symbol: 'BTCUSDT' };
const INSTRUMENTS: Stream = { name: 'instruments', market: 'um' };

function read(path: string): Buffer {
  const bytes = readFileSync(recordedFile(`futures-um/${path}`));
  return path.endsWith('.gz') ? gunzipSync(bytes) : bytes;
}

describeWithRecordedData('recorded answers of the exchange', () => {
  test('fundingRate: 90 rows, the milliseconds kept, the hour they were due beside them', async () => {
    const lake = streamLake();
    const body = read('rest/2026-07-10/fapi-v1-fundingRate-BTCUSDT-limit1000.json.gz');
    const range = { fromMs: Date.parse('2026-06-10T08:00Z'), toMs: Date.parse('2026-07-10T08:00Z') };
    await landAnswer(lake, { stream: FUNDING, source: 'rest', range, body });
    await refineIn(lake, FUNDING);
    const rows = await rowsOf(lake, 'funding');
    const recorded = JSON.parse(body.toString()) as { fundingTime: number; fundingRate: string; markPrice: string }[];
    expect(rows).toEqual(
      recorded.map(({ fundingTime, fundingRate, markPrice }) => ({
        funding_time: fundingTime,
        scheduled_time: Math.floor(fundingTime / 3_600_000) * 3_600_000,
        funding_rate: Number(fundingRate),
        funding_interval_hours: null,
        mark_price: Number(markPrice),
        known_at: fundingTime,
        source: 'rest',
      })),
    );
    expect(rows).toHaveLength(90);
    expect(rows[0]).toMatchObject({ funding_time: 1781078400011, scheduled_time: 1781078400000 });
  });

  test('a day of metrics, the zip as it was published: 288 rows, its empty ratios no matter', async () => {
    const lake = streamLake();
    const range = { fromMs: Date.parse('2022-01-01'), toMs: Date.parse('2022-01-02') };
    const body = read('metrics/BTCUSDT-metrics-2022-01-01.zip');
    await landAnswer(lake, { stream: OPEN_INTEREST, source: 'archive_daily', range, body });
    await refineIn(lake, OPEN_INTEREST);
    const rows = await rowsOf(lake, 'open_interest');
    expect(rows).toHaveLength(288);
    expect(rows[1]).toEqual({
      time: Date.parse('2022-01-01T00:05Z'),
      sum_open_interest: 74861.624,
      sum_open_interest_value: 3468073411.651337,
      known_at: Date.parse('2022-01-01T00:10Z'),
      source: 'archive_daily',
      gap_before: 0,
    });
    expect(rows.every((row) => row['gap_before'] === 0)).toBe(true);
  });

  test('openInterestHist over ten weeks: every row equal, four missing labels counted at their places', async () => {
    const lake = streamLake();
    const lines = read('open-interest/BTCUSDT-openInterestHist-5m-2023-07_2023-10.csv.gz')
      .toString()
      .trim()
      .split('\n');
    const recorded = lines.slice(1).map((line) => line.split(',') as [string, string, string]);
    for (let at = 0; at < recorded.length; at += 500) {
      const page = recorded.slice(at, at + 500);
      const body = JSON.stringify(
        page.map(([timestamp, sumOpenInterest, sumOpenInterestValue]) => ({
          symbol: 'BTCUSDT',
          sumOpenInterest,
          sumOpenInterestValue,
          CMCCirculatingSupply: '19498106.00000000',
          timestamp: Number(timestamp),
        })),
      );
      const range = { fromMs: Number(page[0]![0]), toMs: Number(page.at(-1)![0]) + 300_000 };
      await landAnswer(lake, { stream: OPEN_INTEREST, source: 'rest', range, body });
    }
    await refineIn(lake, OPEN_INTEREST);
    const rows = await rowsOf(lake, 'open_interest');
    expect(rows.map((row) => [row['time'], row['sum_open_interest'], row['sum_open_interest_value']])).toEqual(
      recorded.map((row) => row.map(Number)),
    );
    const holes = rows.filter((row) => row['gap_before'] !== 0);
    expect(holes.map((row) => [new Date(row['time'] as number).toISOString(), row['gap_before']])).toEqual([
      ['2023-08-09T02:40:00.000Z', 1],
      ['2023-09-12T08:55:00.000Z', 3],
    ]);
  });

  test('exchangeInfo and fundingInfo: 820 instruments, one row each', async () => {
    const lake = streamLake();
    const seenAtMs = 1_783_173_617_043;
    await landSighting(lake, INSTRUMENTS, 'funding_info', read('rest/2026-07-04/fapi-v1-fundingInfo.json'), seenAtMs);
    const info = read('rest/2026-07-04/fapi-v1-exchangeInfo.json.gz');
    await landSighting(lake, INSTRUMENTS, 'exchange_info', info, seenAtMs);
    await refineIn(lake, INSTRUMENTS);
    const rows = await rowsOf(lake, 'instruments');
    expect(rows).toHaveLength(820);
    const of = (symbol: string) => rows.find((row) => row['symbol'] === symbol);
    expect(of('BTCUSDT')).toEqual({
      symbol: 'BTCUSDT',
      valid_from: seenAtMs,
      known_at: seenAtMs,
      first_seen: seenAtMs,
      status: 'TRADING',
      contract_type: 'PERPETUAL',
      pair: 'BTCUSDT',
      base_asset: 'BTC',
      quote_asset: 'USDT',
      margin_asset: 'USDT',
      onboard_time: Date.parse('2019-09-08T17:55Z'),
      delivery_time: null,
      tick_size: 0.1,
      step_size: 0.001,
      min_notional: 50,
      funding_interval_hours: 8,
      funding_rate_cap: expect.any(Number),
      funding_rate_floor: expect.any(Number),
    });
    expect(of('龙虾USDT')).toMatchObject({ status: 'TRADING' });
    expect(of('BTCUSDT_260925')).toMatchObject({
      contract_type: 'CURRENT_QUARTER',
      delivery_time: 1790323200000,
      funding_interval_hours: null,
    });
    const count = (status: string) => rows.filter((row) => row['status'] === status).length;
    expect([count('TRADING'), count('SETTLING'), count('PENDING_TRADING')]).toEqual([695, 123, 2]);
  });

  test('mark prices: the four prices of every 8h candle of three years', async () => {
    const lake = streamLake();
    const stream: Stream = { name: 'mark_candles', market: 'um', symbol: 'BTCUSDT', interval: '8h' };
    const lines = read('mark-price-5col/BTCUSDT-mark-8h-2023-01_2025-12.csv.gz').toString().trim().split('\n').slice(1);
    const byMonth = new Map<string, string[]>();
    for (const line of lines) {
      const [openTime, open, high, low, close] = line.split(',');
      const month = new Date(Number(openTime)).toISOString().slice(0, 7);
      const row = `${openTime},${open},${high},${low},${close},0,${Number(openTime) + 28_799_999},0,60,0,0,0`;
      byMonth.set(month, [...(byMonth.get(month) ?? []), row]);
    }
    for (const [month, rows] of byMonth) {
      const [year, number] = month.split('-').map(Number) as [number, number];
      const range = { fromMs: Date.UTC(year, number - 1, 1), toMs: Date.UTC(year, number, 1) };
      await landAnswer(lake, { stream, source: 'archive_monthly', range, body: rows.join('\n') });
    }
    await refineIn(lake, stream);
    const rows = await rowsOf(lake, 'mark_candles');
    expect(Object.keys(rows[0]!)).not.toContain('volume');
    expect(rows.map((row) => [row['open_time'], row['open'], row['high'], row['low'], row['close']].join())).toEqual(
      lines.map((line) => line.split(',').slice(0, 5).map(Number).join()),
    );
  });
});
