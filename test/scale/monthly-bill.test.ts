import { readFileSync } from 'node:fs';
import { auditUse } from '../../lib/lake/cost/audit-use.ts';
import { type AwsWork, REPLACED_TABLE_DAYS } from '../../lib/lake/cost/aws-use.ts';
import { monthlyBill } from '../../lib/lake/cost/monthly-bill.ts';
import { priceOf } from '../../lib/lake/cost/prices.ts';

/**
 * A year of 15m, in the middle of the year: half of its candles, six monthly files, half a month of daily ones, a page.
 */
const WATCHED: AwsWork = {
  series: 1,
  monthlyFiles: 0,
  dailyFiles: 0,
  restChunks: 1,
  restRequests: 1,
  refinedShards: 1,
  refinedCandles: 17_520,
  shards: 2,
  lakeReads: 1,
  remadeShards: 1,
  replacedCandles: 17_520,
  inputsAgain: 6 + 15 + 2,
};
/** The same of 600 series, once a day: a daily file and a REST window each. */
const MARKET: AwsWork = {
  series: 600,
  monthlyFiles: 0,
  dailyFiles: 600,
  restChunks: 1_200,
  restRequests: 1_200,
  refinedShards: 600,
  refinedCandles: 600 * 17_520,
  shards: 1_200,
  lakeReads: 600,
  remadeShards: 600,
  replacedCandles: 600 * 17_520,
  inputsAgain: 600 * (6 + 15 + 2),
};
/** 600 series of a year and their 1,800 streams: twelve monthly files, thirty daily ones, of open interest 365. */
const WEEKLY_AUDIT = {
  parts: 2_400,
  objects: 600 * 110 + 600 * 800 + 1_200 * 100,
  files: 600 * 42 + 600 * 365 + 1_200 * 30,
};

const watched = monthlyBill({ runsPerMonth: 2_880, work: WATCHED, replacedTableDays: REPLACED_TABLE_DAYS });
const market = monthlyBill({ runsPerMonth: 30, work: MARKET, replacedTableDays: REPLACED_TABLE_DAYS });
const audit = (priceOf(auditUse(WEEKLY_AUDIT)) * 30) / 7;

test('docs/cost.md tells what the default schedules cost a month', () => {
  const text = readFileSync('docs/cost.md', 'utf8');
  const figures = {
    'watch list of one symbol at 15m every quarter of an hour, 2,880 runs': watched.runsUsd,
    '… its replaced tables, kept for two days': watched.replacedUsd,
    'the whole market (600 series) at 15m once a day: a daily file and a REST window each, the open year rebuilt':
      market.runsUsd,
    '… its replaced tables, kept for two days each': market.replacedUsd,
    'the audit of all of it once a week': audit,
  };
  const rows = text.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
  const told = Object.fromEntries(Object.keys(figures).map((name) => [name, rows.find((row) => row[1] === name)?.[2]]));
  expect(told).toEqual(Object.fromEntries(Object.entries(figures).map(([name, usd]) => [name, usd.toFixed(2)])));
});

test('replaced tables cost by the days that they are kept, and less than the runs', () => {
  const month = monthlyBill({ runsPerMonth: 2_880, work: WATCHED, replacedTableDays: 30 });
  expect(month.replacedUsd).toBeCloseTo(15 * watched.replacedUsd, 10);
  expect(watched.replacedUsd).toBeLessThan(watched.runsUsd / 10);
});
