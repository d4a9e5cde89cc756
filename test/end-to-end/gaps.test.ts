import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runLakeProgram } from '../../lib/cli/lake-program.ts';
import type { ListingFact } from '../../lib/domain/listing.ts';
import type { CandleSource } from '../../lib/exchange/simulated/candle-source.ts';
import { type Exchange, startExchange } from '../../lib/exchange/simulated/exchange.ts';
import { recordedCandles } from '../../lib/exchange/simulated/recorded-candles.ts';
import { listingKey } from '../../lib/lake/keys.ts';
import { sha256Of } from '../support/bytes.ts';
import { candleRows } from '../support/candles.ts';
import { temporaryFolder } from '../support/folder.ts';
import { runLake } from '../support/lake-process.ts';
import { parquetPaths, readParquet } from '../support/parquet.ts';
import { fakeTerminal } from '../support/terminal.ts';
import { at, HOUR_MS } from '../support/time.ts';

/** One price, no trade: what comes after settlement. */
function printed(from: string, hours: number, price: number): string[] {
  return Array.from({ length: hours }, (_, hour) => {
    const openMs = at(from) + hour * HOUR_MS;
    return [openMs, price, price, price, price, 0, openMs + HOUR_MS - 1, 0, 0, 0, 0, 0].join(',');
  });
}

/**
 * FTTBUSD trades until 2022-11-14 09:00 and is printed after that. LITUSDT is Litentry until 2025-12-10, and Lighter
 * from the 20th.
 */
const SOURCE = recordedCandles(
  [
    [
      'FTTBUSD',
      [...candleRows('1h', '2022-11-01T00:00Z', 13 * 24 + 9), ...printed('2022-11-14T09:00Z', 16 * 24 + 15, 1.41)],
    ],
    [
      'LITUSDT',
      [...candleRows('1h', '2025-12-01T00:00Z', 9 * 24), ...candleRows('1h', '2025-12-20T10:00Z', 11 * 24 + 14, 2)],
    ],
  ].map(([symbol, rows]) => ({ market: 'um', symbol: symbol as string, interval: '1h', rows: rows as string[] })),
  { onboardMs: { LITUSDT: at('2025-12-20T10:00Z') } },
);
/** As the real exchange, this one has struck FTTBUSD off. */
const EXCHANGE: CandleSource = {
  ...SOURCE,
  listings: (market) =>
    SOURCE.listings(market).map((one) =>
      one.symbol === 'FTTBUSD' ? { ...one, endMs: at('2022-12-01'), delisted: true } : one,
    ),
};

/** The facts that the plan stage lands about these two. */
const FACTS: readonly ListingFact[] = [
  { market: 'um', symbol: 'FTTBUSD', evidence: 'archive', listedMs: at('2022-11-01'), settledMs: at('2022-12-01') },
  { market: 'um', symbol: 'LITUSDT', evidence: 'exchange_info', status: 'TRADING', listedMs: at('2025-12-20T10:00Z') },
];

let exchange: Exchange;
let lake: string;
beforeAll(async () => {
  exchange = await startExchange({ candles: EXCHANGE, nowMs: at('2026-01-02T10:00:05Z') });
  lake = temporaryFolder();
  for (const fact of FACTS) {
    const bytes = Buffer.from(JSON.stringify(fact));
    const path = join(lake, listingKey(fact.market, fact.symbol, sha256Of(bytes)));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  }
  for (const [symbol, from, to] of [
    ['FTTBUSD', '2022-11-01', '2022-12-01'],
    ['LITUSDT', '2025-12-20T10:00Z', '2026-01-01'],
  ]) {
    const args = ['run', '--symbols', symbol!, '--interval', '1h', '--from', from!, '--to', to!, '--lake', lake];
    expect(await runLake(args, { exchangeUrl: exchange.url })).toMatchObject({ code: 0 });
  }
});
afterAll(() => exchange.close());

async function openTimes(table: string, symbol: string): Promise<number[]> {
  const paths = parquetPaths(lake).filter((path) => path.startsWith(`${table}/market=um/symbol=${symbol}/`));
  const rows = await Promise.all(paths.map((path) => readParquet(join(lake, path))));
  return rows.flat().map((row) => Number(row['open_time']));
}

test.each(['candles', 'features', 'labels'])(
  '%s has nothing from after a settlement, and nothing of a ticker that was another',
  async (table) => {
    const fttbusd = await openTimes(table, 'FTTBUSD');
    expect(Math.max(...fttbusd)).toBeLessThan(at('2022-11-14T09:00Z'));
    const litusdt = await openTimes(table, 'LITUSDT');
    expect(Math.min(...litusdt)).toBeGreaterThanOrEqual(at('2025-12-20T10:00Z'));
    if (table === 'candles') expect([fttbusd.length, litusdt.length]).toEqual([13 * 24 + 9, 11 * 24 + 14]);
  },
);

/** Runs in this process, because six processes would take six times as long. */
async function gaps(...args: string[]) {
  return gapsAt('2026-01-02T10:00:05Z', ...args);
}

async function gapsAt(now: string, ...args: string[]) {
  const terminal = fakeTerminal({ CANDLELAKE_NOW: now });
  const code = await runLakeProgram(['gaps', '--lake', lake, ...args], terminal);
  return { code, stdout: terminal.written.out, stderr: terminal.written.err };
}

describe('lake gaps', () => {
  test('shows each row in a line of eighty columns, and the sum of each series', async () => {
    const { code, stdout, stderr } = await gaps();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(stdout).toMatch(/^um\/FTTBUSD\/1h$/m);
    expect(stdout).toMatch(/^2022-11-14 09:00 {2}2026-01-02 10:00 {2}settled +27481 {2}frozen/m);
    expect(stdout).toMatch(/^grid 27,802 = candles 321 \+ explained 27,481$/m);
    expect(stdout).toMatch(/^2025-12-01 00:00 {2}2025-12-20 10:00 {2}not_listed +466 {2}listed/m);
    expect(stdout).toMatch(/^2026-01-01 00:00 {2}2026-01-02 10:00 {2}unknown +34 {2}not requested yet$/m);
    expect(stdout).toMatch(/^grid 778 = candles 278 \+ explained 500$/m);
  });

  test('as JSON has all of the evidence', async () => {
    const { stdout } = await gaps('--json', '--symbols', 'FTTBUSD');
    expect(JSON.parse(stdout)).toMatchObject({
      gaps: [
        {
          ...{ market: 'um', symbol: 'FTTBUSD', interval: '1h', class: 'settled', intervals: 27_481, candles: 0 },
          ...{ from_time: '2022-11-14T09:00:00Z', to_time: '2026-01-02T10:00:00Z', known_at: '2026-01-02T10:00:00Z' },
          evidence: {
            rule: 'frozen_tail',
            price: 1.41,
            rows: 399,
            facts: expect.arrayContaining([expect.stringMatching(/^[0-9a-f]{64}$/)]),
          },
        },
      ],
      series: [{ series: { symbol: 'FTTBUSD' }, grid: 27_802, candles: 321, explained: 27_481 }],
    });
  });

  test('takes classes and times, and gives CSV', async () => {
    const rows = async (...args: string[]) =>
      (await gaps('--format', 'csv', ...args)).stdout.trim().split('\r\n').slice(1);
    expect(await rows('--class', 'settled')).toHaveLength(1);
    expect(await rows('--class', 'settled,not_listed')).toHaveLength(2);
    expect(await rows('--symbols', 'LITUSDT', '--from', '2026-01-02T10:00Z')).toHaveLength(0);
    expect(await rows('--symbols', 'LITUSDT', '--from', '2025-12-20T10:00Z')).toHaveLength(1);
    expect(await rows('--symbols', 'LITUSDT', '--from', '2025-12-20T09:00Z')).toHaveLength(2);
    expect(await rows('--to', '2022-11-14T09:00Z')).toHaveLength(0);
    expect(await rows('--market', 'spot')).toHaveLength(0);
  });

  test('reaches now: what has closed since the last run is unknown, and what is settled stays so', async () => {
    const { code, stdout } = await gapsAt('2026-01-03T11:00:05Z', '--json');
    const { gaps: rows, series } = JSON.parse(stdout) as Record<'gaps' | 'series', Record<string, unknown>[]>;
    expect(code).toBe(0);
    expect(rows!.slice(-1)).toMatchObject([
      {
        ...{ symbol: 'LITUSDT', class: 'unknown', intervals: 25, candles: 0, evidence: { why: 'not_asked_since' } },
        ...{ from_time: '2026-01-02T10:00:00Z', to_time: '2026-01-03T11:00:00Z' },
      },
    ]);
    expect(rows![0]).toMatchObject({ class: 'settled', to_time: '2026-01-03T11:00:00Z', intervals: 27_481 + 25 });
    expect(series).toMatchObject([
      { grid: 27_802 + 25, candles: 321, explained: 27_481 + 25 },
      { grid: 778 + 25, candles: 278, explained: 500 + 25 },
    ]);
    const { stdout: settled } = await gapsAt('2026-01-03T11:00:05Z', '--json', '--class', 'settled');
    expect(JSON.parse(settled).gaps).toEqual(rows!.slice(0, 1));
  });

  test('shows what reaches into the range by now, each series by itself', async () => {
    const symbolsIn = async (...args: string[]) => {
      const { stdout } = await gapsAt('2026-01-03T11:00:05Z', '--json', ...args);
      return (JSON.parse(stdout).gaps as Record<string, unknown>[]).map((row) => [row['symbol'], row['to_time']]);
    };
    const now = '2026-01-03T11:00:00Z';
    const both = [
      ['FTTBUSD', now],
      ['LITUSDT', now],
    ];
    expect(await symbolsIn('--from', '2026-01-02T12:00Z')).toEqual(both);
    expect(await symbolsIn('--from', '2026-01-02T12:00Z', '--to', '2026-01-02T13:00Z')).toEqual(both);
    expect(await symbolsIn('--from', '2026-01-02T12:00Z', '--class', 'unknown')).toEqual([both[1]]);
    expect(await symbolsIn('--from', '2026-01-03T11:00Z')).toEqual([]);
    expect(await symbolsIn('--to', '2025-12-01T00:00Z')).toEqual([both[0]]);
  });

  test('of a market that the lake holds nothing of says so', async () => {
    const { code, stdout, stderr } = await gaps('--market', 'cm');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(
      /^lake: lake at \S+ holds no candles of cm: run `npx lake run --lake \S+ --market cm` first\n$/,
    );
  });

  test.each([
    [['--class', 'hole'], /class must be one of exchange_absent .* got 'hole'/],
    [['--from', '2024-02-02', '--to', '2024-02-01'], /from must be before to/],
    [['--symbols', "A'B"], /symbol must be letters/],
    [['--format', 'xml'], /format must be one of table, json, csv, got 'xml'/],
  ])('refuses %j in one line', async (args, message) => {
    const { code, stdout, stderr } = await gaps(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
