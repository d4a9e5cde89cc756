import { readFileSync } from 'node:fs';
import { type AwsWork, useOf } from '../../lib/lake/cost/aws-use.ts';
import { REPLACED_TABLE_DAYS } from '../../lib/lake/cost/deployment.ts';
import { priceOf, replacedPrice } from '../../lib/lake/cost/prices.ts';

/**
 * A year of 15m, in the middle of the year: half of its candles, six monthly files, half a month of daily ones, a page.
 */
const WATCHED: AwsWork = {
  schedule: 1,
  run: 1,
  series: 1,
  restMap: 1,
  batch: 1,
  restRequest: 1,
  lakeRead: 1,
  shard: 2,
  refinedShard: 1,
  refinedCandle: 17_520,
  remadeShard: 1,
  inputAgain: 6 + 15 + 2,
};
/** The same of 600 series, once a day: a daily file and a REST window each. */
const MARKET: AwsWork = {
  schedule: 1,
  run: 1,
  series: 600,
  archiveMap: 1,
  restMap: 1,
  batch: Math.ceil(600 / 31) + 1_200 / 4,
  file: 600,
  restRequest: 1_200,
  lakeRead: 600,
  shard: 1_200,
  refinedShard: 600,
  refinedCandle: 600 * 17_520,
  remadeShard: 600,
  inputAgain: 600 * (6 + 15 + 2),
};
/** 600 series of a year and their 1,800 streams: twelve monthly files, thirty daily ones, of open interest 365. */
const WEEKLY_AUDIT: AwsWork = {
  audit: 1,
  auditedPart: 2_400,
  auditedObject: 600 * 110 + 600 * 800 + 1_200 * 100,
  auditedFile: 600 * 42 + 600 * 365 + 1_200 * 30,
};

/** US dollars a month for runs that all do the same work, and for the tables that they replace. */
function monthlyBill(runs: number, work: AwsWork, replacedTableDays = REPLACED_TABLE_DAYS) {
  return {
    runsUsd: runs * priceOf(useOf(work)),
    replacedUsd: runs * replacedPrice(work.refinedCandle!, replacedTableDays),
  };
}

const watched = monthlyBill(2_880, WATCHED);
const market = monthlyBill(30, MARKET);
const audit = (priceOf(useOf(WEEKLY_AUDIT)) * 30) / 7;

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
  const month = monthlyBill(2_880, WATCHED, 30);
  expect(month.replacedUsd).toBeCloseTo(15 * watched.replacedUsd, 10);
  expect(watched.replacedUsd).toBeLessThan(watched.runsUsd / 10);
});
