import fc from 'fast-check';
import { GAP_CLASSES, type GapClass } from '../../../lib/domain/gap-class.ts';
import { nextOpenTime } from '../../../lib/domain/interval.ts';
import { candleRow } from '../../support/candles.ts';
import { endGrid, fail, type SeriesAnswer, tell } from '../../support/landing.ts';
import { btc, refinedLake } from '../../support/refined-lake.ts';
import { candleTimesOf, ledgerOf } from '../../support/tables.ts';
import { HOUR_MS, type NaiveWorld, naiveLedger } from './naive-ledger.ts';

/**
 * Ten days about the end of a year, and so of a shard; a month that stands apart; and the hours that a file may lack.
 */
const BEGIN_MS = Date.parse('2021-12-27T00:00Z');
const DAYS = 10;
const HOURS = DAYS * 24;
const LATE_MS = Date.parse('2024-06-01T00:00Z');
const NEVER_MS = Date.parse('2030-01-01T00:00Z');

const hour = fc.integer({ min: 0, max: HOURS });
const at = (hours: number) => BEGIN_MS + hours * HOUR_MS;
const range = fc
  .tuple(hour, fc.integer({ min: 1, max: 60 }))
  .map(([from, length]) => ({ fromMs: at(from), toMs: at(from + length) }));
const day = fc
  .integer({ min: 0, max: DAYS - 1 })
  .map((index) => ({ fromMs: at(index * 24), toMs: at((index + 1) * 24) }));
const month = fc.constantFrom(
  { fromMs: Date.parse('2021-12-01'), toMs: Date.parse('2022-01-01') },
  { fromMs: Date.parse('2022-01-01'), toMs: Date.parse('2022-02-01') },
  { fromMs: Date.parse('2023-05-01'), toMs: Date.parse('2023-06-01') },
);
/** Hours of an answer that have no row, as ranges; most answers are whole, some are empty. */
const lacking = fc.oneof(
  { weight: 2, arbitrary: fc.constant([]) },
  { weight: 3, arbitrary: fc.array(range, { minLength: 1, maxLength: 4 }) },
  { weight: 1, arbitrary: fc.constant([{ fromMs: 0, toMs: NEVER_MS }]) },
);

const answer = fc
  .tuple(
    fc.oneof(
      fc.record({ source: fc.constant('archive_daily' as const), range: day }),
      fc.record({ source: fc.constant('archive_daily' as const), range: day }),
      fc.record({ source: fc.constant('rest' as const), range }),
      fc.record({ source: fc.constant('rest' as const), range }),
      fc.record({ source: fc.constant('archive_monthly' as const), range: month }),
    ),
    lacking,
    fc.record({
      seed: fc.constantFrom(1, 1, 1, 2),
      fetchedAtMs: fc.integer({ min: LATE_MS, max: LATE_MS + 1_000_000 }),
      asOfMs: fc.oneof(
        { weight: 4, arbitrary: fc.constant(LATE_MS) },
        { weight: 1, arbitrary: hour.map((h) => at(h) + 1_500) },
      ),
    }),
  )
  .map(
    ([{ source, range: covered }, holes, { seed, fetchedAtMs, asOfMs }]): Required<
      Omit<SeriesAnswer, 'openPageMs'>
    > => {
      const rows: string[] = [];
      for (let timeMs = covered.fromMs; timeMs < covered.toMs; timeMs += HOUR_MS) {
        if (!holes.some(({ fromMs, toMs }) => timeMs >= fromMs && timeMs < toMs))
          rows.push(candleRow('1h', timeMs, seed));
      }
      // An archive file without a row is refused: Binance publishes none.
      if (rows.length === 0 && source !== 'rest') rows.push(candleRow('1h', covered.fromMs, seed));
      return { source, range: covered, rows, fetchedAtMs, asOfMs };
    },
  );

const failure = fc
  .tuple(
    fc.oneof(
      fc.record({ source: fc.constant('archive_daily' as const), range: day }),
      fc.record({ source: fc.constant('archive_monthly' as const), range: month }),
      fc.record({ source: fc.constant('rest' as const), range }),
    ),
    fc.constantFrom(LATE_MS, at(100)),
  )
  .map(([chunk, asOfMs]) => ({ ...chunk, asOfMs }));

/** Not on the hour, for no exchange opens on it. */
const instant = fc.option(
  hour.map((h) => at(h) + 42_000),
  { nil: undefined, freq: 2 },
);

/** The identity of a landed object. */
const bytesOf = ({ source, range: { fromMs, toMs }, rows }: Required<Omit<SeriesAnswer, 'openPageMs'>>) =>
  [source, fromMs, toMs, ...rows].join();

const world: fc.Arbitrary<NaiveWorld> = fc.record({
  // The same bytes are one object; of two versions that came in the same millisecond nothing tells which is the newer.
  answers: fc.uniqueArray(answer, {
    maxLength: 9,
    comparator: (a, b) => a.fetchedAtMs === b.fetchedAtMs || bytesOf(a) === bytesOf(b),
  }),
  failures: fc.uniqueArray(failure, {
    maxLength: 3,
    selector: ({ source, range: { fromMs } }) => `${source} ${fromMs}`,
  }),
  listedMs: instant,
  settledMs: instant,
  gridEndMs: fc.option(hour.map(at), { nil: undefined, freq: 2 }),
});

test('every hour of any lake is a candle or in the ledger, by the class that a naive account gives it', async () => {
  await fc.assert(
    fc.asyncProperty(world, async ({ answers, failures, listedMs, settledMs, gridEndMs }) => {
      const lake = refinedLake(btc('1h'));
      await lake.land(...answers);
      for (const chunk of failures) await fail(lake, chunk);
      if (listedMs !== undefined) await tell(lake, { evidence: 'exchange_info', listedMs });
      if (settledMs !== undefined) {
        const told = { evidence: 'exchange_info', settledMs } as const;
        await tell(lake, listedMs === undefined ? told : { ...told, listedMs });
      }
      if (gridEndMs !== undefined) await endGrid(lake, gridEndMs);
      await lake.refine();

      const candles = new Set(await candleTimesOf(lake));
      const rows = await ledgerOf(lake);
      const { shards } = await lake.report();
      const found = new Map(
        [...candles].map((timeMs) => [timeMs, { isCandle: true, class: undefined as GapClass | undefined }]),
      );
      let endMs = Number.NEGATIVE_INFINITY;
      for (const row of rows) {
        expect(row.fromMs).toBeGreaterThanOrEqual(endMs);
        expect(row.toMs).toBeGreaterThan(row.fromMs);
        expect(row.knownAtMs).toBeGreaterThanOrEqual(row.toMs);
        endMs = row.toMs;
        let inside = 0;
        for (let timeMs = row.fromMs; timeMs < row.toMs; timeMs = nextOpenTime('1h', timeMs)) {
          if (candles.has(timeMs)) inside++;
          found.set(timeMs, { isCandle: candles.has(timeMs), class: row.class });
        }
        expect(row.candles).toBe(inside);
        expect(row.intervals).toBe((row.toMs - row.fromMs) / HOUR_MS);
      }
      const expected = naiveLedger({ answers, failures, listedMs, settledMs, gridEndMs });
      expect([...found].sort(([a], [b]) => a - b)).toEqual([...expected]);

      const sum = (value: (shard: (typeof shards)[number]) => number) =>
        shards.reduce((all, one) => all + value(one), 0);
      expect(sum((shard) => shard.grid)).toBe(expected.size);
      const explained = rows.reduce((all, row) => all + row.intervals - row.candles, 0);
      expect(candles.size + explained).toBe(expected.size);
      // Nobody asks again for what REST was asked for, what is no hole of a file, or what was no market.
      for (const hole of shards.flatMap((shard) => shard.holes)) {
        for (let timeMs = hole.fromMs; timeMs < hole.toMs; timeMs += HOUR_MS) {
          expect(expected.get(timeMs)).toEqual({
            isCandle: false,
            class: expect.stringMatching(/unknown|fetch_failed/),
          });
        }
      }
      expect((await lake.periods()).recomputed).toEqual([]);
    }),
    { numRuns: 25 },
  );
});

test('the worlds that are tried have every class', () => {
  const seen = new Set<GapClass | undefined>();
  for (const one of fc.sample(world, { numRuns: 60, seed: 1 })) {
    for (const hour of naiveLedger(one).values()) seen.add(hour.class);
  }
  expect([...seen].filter((kind) => kind !== undefined).sort()).toEqual([...GAP_CLASSES].sort());
});
