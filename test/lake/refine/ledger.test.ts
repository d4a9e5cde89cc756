import { manifestKey, tableKey } from '../../../lib/lake/keys.ts';
import type { Manifest } from '../../../lib/lake/manifest/contract.ts';
import { sha256Of } from '../../support/bytes.ts';
import { candleRow, candleRows, restBody } from '../../support/candles.ts';
import { fail, type SeriesAnswer, tell } from '../../support/landing.ts';
import { btc, page, type RefinedLake, refinedLake } from '../../support/refined-lake.ts';
import { madeIn } from '../../support/store.ts';
import { candleTimesOf, ledgerOf, tableOf } from '../../support/tables.ts';
import { at, HOUR_MS } from '../../support/time.ts';

const range = (from: string, to: string) => ({ fromMs: at(from), toMs: at(to) });
const FETCHED_MS = at('2024-03-01T09:00Z');

/** February 2024 by the hour as a monthly file, without the hours given. */
function february(without: readonly string[] = [], more: Partial<SeriesAnswer> = {}): SeriesAnswer {
  const rows = candleRows('1h', '2024-02-01T00:00Z', 29 * 24);
  const lacking = without.map((hour) => String(at(`2024-02-${hour}:00Z`)));
  return {
    source: 'archive_monthly',
    range: range('2024-02-01', '2024-03-01'),
    rows: rows.filter((row) => !lacking.some((openTime) => row.startsWith(openTime))),
    fetchedAtMs: FETCHED_MS,
    ...more,
  };
}

function rest(from: string, to: string, rows: readonly string[] = [], more: Partial<SeriesAnswer> = {}): SeriesAnswer {
  return { source: 'rest', range: range(from, to), rows, fetchedAtMs: FETCHED_MS + HOUR_MS, ...more };
}

async function lakeWith(...answers: readonly SeriesAnswer[]): Promise<RefinedLake> {
  const lake = refinedLake(btc('1h'));
  await lake.land(...answers);
  await lake.refine();
  return lake;
}

const EMPTY_ANSWER = sha256Of(Buffer.from('[]'));
const row = (from: string, to: string, kind: string, intervals: number, more: object = {}) => ({
  ...range(from, to),
  class: kind,
  intervals,
  candles: 0,
  ...more,
});

test('a month that lacks nothing has an empty ledger, which is a file of no rows', async () => {
  const lake = await lakeWith(february());
  expect(await ledgerOf(lake)).toEqual([]);
  const [shard] = (await lake.report()).shards;
  expect(shard).toMatchObject({ grid: 696, candles: 696, accounted: {}, unasked: 0, holes: [], quarantined: 0 });
  const manifest = JSON.parse(
    Buffer.from((await lake.store.get(manifestKey(lake.series, '2024')))!).toString(),
  ) as Manifest;
  expect(manifest.outputs.gaps).toMatchObject({ key: tableKey('gaps', lake.series, '2024'), rows: 0 });
});

describe('an hour that the archive lacks', () => {
  const hole = ['2024-02-10T05:00Z', '2024-02-10T06:00Z'] as const;

  test('is unknown, and a hole to be asked for, until REST was asked', async () => {
    const lake = await lakeWith(february(['10T05']));
    expect(await ledgerOf(lake)).toMatchObject([
      row(...hole, 'unknown', 1, {
        evidence: { why: 'rest_not_asked', asked: 1, archive: [expect.stringMatching(/^[0-9a-f]{64}$/)] },
      }),
    ]);
    expect((await lake.report()).shards[0]).toMatchObject({ holes: [range(...hole)], unasked: 0, missing: 1 });
  });

  test('is absent from the exchange where REST has nothing either, with the hash of its empty answer', async () => {
    const lake = await lakeWith(february(['10T05']), rest(...hole));
    const evidence = { asked: 2, rest: [EMPTY_ANSWER] };
    const knownAtMs = FETCHED_MS + HOUR_MS;
    expect(await ledgerOf(lake)).toMatchObject([row(...hole, 'exchange_absent', 1, { evidence, knownAtMs })]);
    expect((await lake.report()).shards[0]!.holes).toEqual([]);
  });

  test('is healed where REST has it: a candle of that source, and in the ledger', async () => {
    const rows = candleRows('1h', hole[0], 1);
    const lake = await lakeWith(february(['10T05']), rest(...hole, rows));
    const evidence = { asked: 2, rest: [sha256Of(restBody(rows))] };
    expect(await ledgerOf(lake)).toMatchObject([row(...hole, 'archive_hole', 1, { candles: 1, evidence })]);
    const healed = (await tableOf(lake, 'candles')).filter(({ source }) => source === 'rest');
    expect(healed.map((candle) => Number(candle['open_time']))).toEqual([at(hole[0])]);
    expect((await lake.report()).shards[0]).toMatchObject({ grid: 696, candles: 696, missing: 0 });
  });

  test('is healed by a daily file as well', async () => {
    const day = page('1h', '2024-02-10T00:00Z', 24, { source: 'archive_daily' });
    const lake = await lakeWith(february(['10T05']), day);
    expect(await ledgerOf(lake)).toMatchObject([row(...hole, 'archive_hole', 1, { candles: 1 })]);
  });

  test('is not absent because a window beside it was asked for, or one in which it had not closed', async () => {
    const early = rest('2024-02-10T00:00Z', hole[1], [], { asOfMs: at(hole[1]) });
    const lake = await lakeWith(
      february(['10T05']),
      rest(hole[1], '2024-02-10T07:00Z', candleRows('1h', hole[1], 1)),
      early,
    );
    expect(await ledgerOf(lake)).toMatchObject([row(...hole, 'unknown', 1)]);
  });
});

test('neighbours of the same class and evidence are one row, across the files that say it another one', async () => {
  const lacking = ['10T22', '10T23', '11T00', '11T01'];
  const lake = await lakeWith(february(lacking));
  expect(await ledgerOf(lake)).toMatchObject([row('2024-02-10T22:00Z', '2024-02-11T02:00Z', 'unknown', 4)]);
  await lake.land(rest('2024-02-10T22:00Z', '2024-02-11T00:00Z'));
  await lake.refine();
  expect(await ledgerOf(lake)).toMatchObject([
    row('2024-02-10T22:00Z', '2024-02-11T00:00Z', 'exchange_absent', 2),
    row('2024-02-11T00:00Z', '2024-02-11T02:00Z', 'unknown', 2),
  ]);
});

test('an hour that only REST was asked for and has not is unknown, and no hole of an archive file', async () => {
  const rows = candleRows('1h', '2024-02-01T00:00Z', 5);
  const lake = await lakeWith(rest('2024-02-01', '2024-02-02', rows));
  expect(await ledgerOf(lake)).toMatchObject([
    row('2024-02-01T05:00Z', '2024-02-02', 'unknown', 19, { evidence: { why: 'no_archive_file', asked: 1 } }),
  ]);
  expect((await lake.report()).shards[0]).toMatchObject({ holes: [], unasked: 0 });
});

test('a candle that had not closed is no candle, and no gap before it closes', async () => {
  const rows = candleRows('1h', '2024-02-01T00:00Z', 5);
  const lake = await lakeWith(
    rest('2024-02-01T00:00Z', '2024-02-01T05:00Z', rows, { asOfMs: at('2024-02-01T04:30Z') }),
  );
  expect(await candleTimesOf(lake)).toHaveLength(4);
  expect(await ledgerOf(lake)).toEqual([]);
  expect((await lake.report()).shards[0]).toMatchObject({ grid: 4, candles: 4, notClosed: 1 });
});

test('a minute without a trade is a candle and not in the ledger', async () => {
  const flat = [at('2024-02-01T01:00Z'), 5, 5, 5, 5, 0, at('2024-02-01T02:00Z') - 1, 0, 0, 0, 0, 0].join(',');
  const rows = candleRows('1h', '2024-02-01T00:00Z', 3);
  const lake = await lakeWith(rest('2024-02-01T00:00Z', '2024-02-01T03:00Z', [rows[0]!, flat, rows[2]!]));
  expect(await candleTimesOf(lake)).toHaveLength(3);
  expect(await ledgerOf(lake)).toEqual([]);
});

describe('what was not asked for', () => {
  test('between two parts, over periods without any, is in the ledger of the later shard', async () => {
    const lake = await lakeWith(page('1h', '2022-12-31T20:00Z', 4), page('1h', '2024-02-01T00:00Z', 5));
    expect(await ledgerOf(lake)).toMatchObject([
      row('2023-01-01', '2024-02-01', 'unknown', 396 * 24, { evidence: { why: 'not_asked', asked: 0 } }),
    ]);
    const { shards } = await lake.report();
    expect(shards.map(({ period, grid, unasked }) => [period, grid, unasked])).toEqual([
      ['2022', 4, 0],
      ['2024', 396 * 24 + 5, 396 * 24],
    ]);
  });

  test('since the listing is in the ledger of the first', async () => {
    const lake = refinedLake(btc('1h'));
    await tell(lake, { evidence: 'exchange_info', listedMs: at('2023-12-31T22:17Z') });
    await lake.land(page('1h', '2024-02-01T00:00Z', 5));
    await lake.refine();
    expect(await ledgerOf(lake)).toMatchObject([row('2023-12-31T22:00Z', '2024-02-01', 'unknown', 31 * 24 + 2)]);
  });

  test('or was asked for in vain, behind the last candle, is in the ledger of the last shard', async () => {
    const lake = await lakeWith(page('1h', '2023-12-31T20:00Z', 4), rest('2024-01-01', '2024-01-02'));
    expect((await lake.report()).shards.map(({ period }) => period)).toEqual(['2023']);
    expect(await ledgerOf(lake)).toMatchObject([row('2024-01-01', '2024-01-02', 'unknown', 24)]);
    // A candle comes: the shard before gives up what is not its own, and nothing else of it changes.
    const before = await madeIn(lake.store);
    await lake.land(page('1h', '2024-01-05T00:00Z', 1, { source: 'rest' }));
    await lake.refine();
    const { shards } = await lake.report();
    expect(shards.map(({ period, grid }) => [period, grid])).toEqual([
      ['2023', 4],
      ['2024', 4 * 24 + 1],
    ]);
    const after = await madeIn(lake.store);
    const changed = Object.keys(before).filter(
      (key) => after[key] !== before[key] && /features|candles|check/.test(key),
    );
    expect(changed).toEqual([]);
  });
});

describe('a chunk that could not be had', () => {
  const chunk = {
    source: 'archive_daily',
    range: range('2024-03-01', '2024-03-02'),
    asOfMs: at('2024-04-01'),
  } as const;

  test('is fetch_failed with its error, until something else covers it', async () => {
    const lake = refinedLake(btc('1h'));
    await lake.land(february());
    await fail(lake, chunk);
    await lake.refine();
    const failures = [{ error: 'CorruptObject', message: 'it has another sha256', at: '2024-04-01T00:00:00Z' }];
    expect(await ledgerOf(lake)).toMatchObject([
      row('2024-03-01', '2024-03-02', 'fetch_failed', 24, {
        evidence: { asked: 0, failures },
        knownAtMs: chunk.asOfMs,
      }),
    ]);
    const before = await madeIn(lake.store);
    await lake.land(page('1h', '2024-03-01T00:00Z', 24, { source: 'archive_daily' }));
    await lake.refine();
    expect(await ledgerOf(lake)).toEqual([]);
    expect(await madeIn(lake.store)).not.toEqual(before);
  });

  test('known later changes the ledger of its shard alone', async () => {
    const lake = await lakeWith(february());
    const before = await madeIn(lake.store);
    await fail(lake, chunk);
    expect((await lake.periods()).recomputed).toEqual(['2024']);
    const after = await madeIn(lake.store);
    expect(Object.keys(after).filter((key) => after[key] !== before[key])).toEqual([
      tableKey('gaps', lake.series, '2024'),
      manifestKey(lake.series, '2024'),
    ]);
    expect((await lake.periods()).recomputed).toEqual([]);
  });
});

describe('sources that disagree', () => {
  const twoHours = ['2024-02-10T05:00Z', '2024-02-10T07:00Z'] as const;

  test('are one row with both values, both objects and the rule that decided', async () => {
    const others = candleRows('1h', twoHours[0], 2, 2);
    const lake = await lakeWith(february(), rest(...twoHours, others));
    const kept = candleRow('1h', at(twoHours[0])).split(',');
    expect(await ledgerOf(lake)).toMatchObject([
      row(...twoHours, 'source_conflict', 2, {
        candles: 2,
        knownAtMs: FETCHED_MS + HOUR_MS,
        evidence: {
          rule: 'better_source',
          kept: { source: 'archive_monthly' },
          others: [{ source: 'rest', sha256: sha256Of(restBody(others)) }],
          differing: 2,
          values: [
            {
              at: '2024-02-10T05:00:00Z',
              column: 'open',
              kept: Number(kept[1]),
              other: Number(others[0]!.split(',')[1]),
            },
            { at: '2024-02-10T06:00:00Z', column: 'open' },
          ],
        },
      }),
    ]);
  });

  test('of the same source: the later fetched stands, and the row says so', async () => {
    const older = rest(...twoHours, candleRows('1h', twoHours[0], 2, 2), { fetchedAtMs: 1 });
    const lake = await lakeWith(rest(...twoHours, candleRows('1h', twoHours[0], 2)), older);
    expect(await ledgerOf(lake)).toMatchObject([
      row(...twoHours, 'source_conflict', 2, {
        candles: 2,
        evidence: { rule: 'fetched_later', kept: { source: 'rest' } },
      }),
    ]);
  });

  test('over a whole month take a few words, not a word a candle', async () => {
    const lake = await lakeWith(february(), {
      source: 'rest',
      rows: candleRows('1h', '2024-02-01T00:00Z', 29 * 24, 2),
    });
    const [only, ...others] = await ledgerOf(lake);
    expect(others).toEqual([]);
    expect(only).toMatchObject({ intervals: 696, candles: 696, evidence: { differing: 696 } });
    expect(JSON.stringify(only!.evidence).length).toBeLessThan(1_000);
    const [shard] = (await lake.report()).shards;
    expect([shard!.conflicts, shard!.conflictSamples.length]).toEqual([696, 20]);
  });
});

test('a row between two open times is refused, for the grid has no place for it', async () => {
  const crooked = candleRow('1h', at('2024-02-01T01:30Z'));
  await expect(lakeWith(rest('2024-02-01T00:00Z', '2024-02-01T03:00Z', [crooked]))).rejects.toMatchObject({
    name: 'UnexpectedFormat',
    message: expect.stringContaining('2024-02-01T01:30:00Z'),
  });
});
