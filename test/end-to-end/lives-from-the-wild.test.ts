import { type Interval, nextOpenTime } from '../../lib/domain/interval.ts';
import type { ListingFact } from '../../lib/domain/listing.ts';
import type { Series } from '../../lib/domain/series.ts';
import { DAY_MS } from '../../lib/domain/time-range.ts';
import type { CandleSource } from '../../lib/exchange/simulated/candle-source.ts';
import { type Instrument, withInstruments } from '../../lib/exchange/simulated/instruments.ts';
import { recordedCandles } from '../../lib/exchange/simulated/recorded-candles.ts';
import { seededCandles } from '../../lib/exchange/simulated/seeded-candles.ts';
import { candleRows } from '../support/candles.ts';
import { at, HOUR_MS } from '../support/time.ts';
import { shardsOf, type WildLake, wildLake } from './wild-lake.ts';

// Instruments that end, with the dates that users of the exchange's public data reported; the number is that of the
// report in github.com/binance/binance-public-data.

const series = (symbol: string, interval: Interval): Series => ({ market: 'um', symbol, interval });

let lake: WildLake;
beforeEach(() => {
  lake = wildLake();
});
afterEach(() => lake.close());

/** First and last open time, and how many. */
async function span(symbol: string, interval: Interval): Promise<[string, string, number]> {
  const times = (await lake.rows(series(symbol, interval))).map((row) => Number(row['open_time']));
  const text = (timeMs: number) => new Date(timeMs).toISOString().slice(0, 16);
  return [text(times[0]!), text(times.at(-1)!), times.length];
}

describe('#495: LITUSDT is Litentry until 2025-01-31 and Lighter since 2025-12-23', () => {
  const litentry: Instrument = {
    ...{ symbol: 'LITUSDT', like: 'ADAUSDT', listedMs: at('2021-02-05T07:00Z') },
    ...{ settledMs: at('2025-01-31T09:00Z'), frozenUntilMs: at('2025-03-01') },
  };
  const lighter: Instrument = { symbol: 'LITUSDT', like: 'SOLUSDT', listedMs: at('2025-12-23T17:30Z') };
  const FROZEN_HOURS = 28 * 24 + 15;
  const TRADED_HOURS = 30 * 24 + 9;
  const LIT = series('LITUSDT', '1h');

  test('the lake of the one gives way to the other, and never shows both', async () => {
    // Struck off: of Litentry only the archive tells, and prints its last price for a month.
    const gone = withInstruments(seededCandles(), [{ ...litentry, gone: true }]);
    await lake.meet({ nowMs: at('2025-03-04T10:00:05Z'), candles: gone });
    const first = await lake.run({ symbols: ['LITUSDT'], interval: '1h', from: '2025-01-01', to: '2025-03-01' });
    expect(first).toMatchObject({ complete: true, failures: [] });
    expect(await span('LITUSDT', '1h')).toEqual(['2025-01-01T00:00', '2025-01-31T08:00', TRADED_HOURS]);
    expect(shardsOf(first, 'LITUSDT')).toMatchObject([{ candles: TRADED_HOURS, quarantined: FROZEN_HOURS }]);
    const [settled, ...more] = (await lake.ledger(LIT)).filter((row) => row.class === 'settled');
    expect(more).toEqual([]);
    expect(settled).toMatchObject({
      ...{ fromMs: at('2025-01-31T09:00Z'), toMs: at('2025-03-04T10:00Z'), intervals: FROZEN_HOURS + 82, candles: 0 },
      evidence: { rule: 'frozen_tail', rows: FROZEN_HOURS, price: expect.any(Number) },
    });
    expect(settled!.evidence['traded']).toBeUndefined();

    // The ticker is another asset now, and the old files are still under its name.
    const both = withInstruments(seededCandles(), [litentry, lighter]);
    await lake.meet({ nowMs: at('2026-01-05T10:00:05Z'), candles: both });
    const second = await lake.run({ symbols: ['LITUSDT'], interval: '1h', from: '2025-01-01', to: '2026-01-01' });
    expect(second).toMatchObject({ complete: true, failures: [] });
    const lighterHours = (at('2026-01-01') - at('2025-12-23T17:00Z')) / HOUR_MS;
    expect(second.series[0]!.wantedCandles).toBe(lighterHours);
    // The simulated exchange gives an instrument that begins between two open times no candle for the first of them.
    expect(await span('LITUSDT', '1h')).toEqual(['2025-12-23T18:00', '2025-12-31T23:00', lighterHours - 1]);
    expect((await lake.ledger(LIT)).filter((row) => row.class === 'settled')).toEqual([]);
    const [before] = (await lake.ledger(LIT)).filter((row) => row.class === 'not_listed');
    expect(before).toMatchObject({
      toMs: at('2025-12-23T17:00Z'),
      evidence: { listed: '2025-12-23T17:30:00Z', rows: TRADED_HOURS + FROZEN_HOURS, traded: TRADED_HOURS },
    });
    const files = [...lake.store.objects.keys()].filter((key) => key.endsWith('.zip'));
    expect(files.filter((key) => /\/2025-0[12]\//.test(key))).toHaveLength(2);
  });
});

describe('#500: FTMUSDT, MATICUSDT and RNDRUSDT settled and renamed, their files go on printing', () => {
  const LIVES = [
    ['FTMUSDT', '2025-01-06T09:00Z', '2025-02-01', 'SUSDT', '2025-01-16T10:00Z'],
    ['MATICUSDT', '2024-09-04T09:00Z', '2024-10-01', 'POLUSDT', '2024-09-13T10:00Z'],
    ['RNDRUSDT', '2024-07-16T09:00Z', '2024-08-01', 'RENDERUSDT', '2024-07-26T10:00Z'],
  ] as const;
  const candles = withInstruments(
    seededCandles(),
    LIVES.flatMap(([symbol, settled, printedUntil, successor, listed]): Instrument[] => [
      {
        ...{ symbol, like: 'ADAUSDT', listedMs: at('2021-01-01'), settledMs: at(settled) },
        ...{ frozenUntilMs: at(printedUntil), gone: true },
      },
      { symbol: successor, like: 'ADAUSDT', listedMs: at(listed) },
    ]),
  );

  test.each(['1h', '1d'] as const)(
    'at %s nothing from after the settlement is served, and nothing is glued',
    async (interval) => {
      await lake.meet({ nowMs: at('2025-03-04T10:00:05Z'), candles });
      const symbols = LIVES.flatMap(([old, , , successor]) => [old, successor]);
      const report = await lake.run({ symbols, interval, from: '2024-07-01', to: '2025-03-01' });
      expect(report).toMatchObject({ complete: true, failures: [] });
      const stepMs = nextOpenTime(interval, 0);
      const endOfGridMs = Math.floor(at('2025-03-04T10:00Z') / stepMs) * stepMs;
      for (const [symbol, settled, printedUntil, successor, listed] of LIVES) {
        // The candle that holds the settlement opened before it and has what was traded until then.
        const endMs = Math.ceil(at(settled) / stepMs) * stepMs;
        const rows = (at(printedUntil) - endMs) / stepMs;
        expect((await span(symbol, interval))[1]).toBe(new Date(endMs - stepMs).toISOString().slice(0, 16));
        expect((await lake.ledger(series(symbol, interval))).filter((row) => row.class === 'settled')).toMatchObject([
          {
            fromMs: endMs,
            toMs: endOfGridMs,
            intervals: (endOfGridMs - endMs) / stepMs,
            candles: 0,
            evidence: { rule: 'frozen_tail', rows },
          },
        ]);
        expect(shardsOf(report, symbol).reduce((sum, shard) => sum + shard.quarantined, 0)).toBe(rows);
        const firstMs = Math.ceil(at(listed) / stepMs) * stepMs;
        expect((await span(successor, interval))[0]).toBe(new Date(firstMs).toISOString().slice(0, 16));
      }
      expect(await lake.audit()).toMatchObject({ counts: { wrong: 0, differs: 0 } });
    },
  );
});

describe('#497: trades in the minute that begins with the settlement', () => {
  const [AUDIO, GAL] = [
    { symbol: 'AUDIOUSDT', settled: '2024-05-16T09:00Z', close: 0.1632, volume: 90, trades: 1 },
    { symbol: 'GALUSDT', settled: '2024-07-11T09:00Z', close: 2.475, volume: 12_531, trades: 133 },
  ];
  type Settled = typeof AUDIO;

  /** Minutes from the day before the settlement to two days after it, the last of them at one price. */
  function rowsOf({ settled, close, volume, trades }: Settled): string[] {
    const dayMs = Math.floor(at(settled) / DAY_MS) * DAY_MS;
    const rows = candleRows('1m', new Date(dayMs).toISOString(), (at(settled) - dayMs) / 60_000);
    for (let openMs = at(settled); openMs < dayMs + 3 * DAY_MS; openMs += 60_000) {
      const amounts = openMs === at(settled) ? [volume, volume * close, trades] : [0, 0, 0];
      const [base, quote, count] = amounts;
      rows.push([openMs, close, close, close, close, base, openMs + 59_999, quote, count, 0, 0, 0].join(','));
    }
    return rows;
  }

  /** The exchange, which names the settlement of the contract, or no longer lists the contract if `delisted`. */
  function exchangeOf(contract: Settled, delisted: boolean): CandleSource {
    const source = recordedCandles([{ market: 'um', symbol: contract.symbol, interval: '1m', rows: rowsOf(contract) }]);
    return {
      ...source,
      listings: (market) => source.listings(market).map((one) => ({ ...one, endMs: at(contract.settled), delisted })),
    };
  }

  async function runThreeDays(contract: Settled, delisted: boolean) {
    const dayMs = Math.floor(at(contract.settled) / DAY_MS) * DAY_MS;
    await lake.meet({ nowMs: dayMs + 4 * DAY_MS, candles: exchangeOf(contract, delisted) });
    const [from, to] = [dayMs, dayMs + 3 * DAY_MS].map((timeMs) => new Date(timeMs).toISOString());
    const report = await lake.run({ symbols: [contract.symbol], interval: '1m', from: from!, to: to! });
    expect(report).toMatchObject({ complete: true, failures: [] });
    return report;
  }

  test.each([AUDIO, GAL])(
    '$symbol: told when it settled, the lake ends there, and says that it keeps back a minute with trades',
    async (contract) => {
      const { symbol, settled } = contract;
      // While it trades a day has landed; the settlement is told afterwards.
      const report = await runThreeDays(contract, false);
      expect((await span(symbol, '1m'))[1]).toBe(new Date(at(settled) - 60_000).toISOString().slice(0, 16));
      expect(shardsOf(report, symbol)).toMatchObject([{ candles: 540, quarantined: 15 * 60 }]);
      expect(lake.json<ListingFact>('landing/listings/')).toMatchObject([
        { status: 'SETTLING', settledMs: at(settled) },
      ]);
      const [row, ...more] = await lake.ledger(series(symbol, '1m'));
      expect(more).toEqual([]);
      expect(row).toMatchObject({
        ...{ class: 'settled', fromMs: at(settled), candles: 0 },
        evidence: { settled: settled.replace('Z', ':00Z'), rows: 15 * 60, traded: 1, facts: [expect.any(String)] },
      });
    },
  );

  test.each([AUDIO, GAL])(
    '$symbol: if only the files show its end, its last trades are its last candle',
    async (contract) => {
      const { symbol, settled, volume, trades } = contract;
      await runThreeDays(contract, true);
      const rows = await lake.rows(series(symbol, '1m'));
      expect(rows).toHaveLength(541);
      expect(rows.at(-1)).toMatchObject({ volume, trades });
      expect(await lake.ledger(series(symbol, '1m'))).toMatchObject([
        {
          class: 'settled',
          fromMs: at(settled) + 60_000,
          intervals: 4 * 1440 - 542,
          evidence: { rule: 'frozen_tail' },
        },
      ]);
    },
  );
});
