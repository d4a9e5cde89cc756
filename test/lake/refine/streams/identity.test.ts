import fc from 'fast-check';
import type { StreamFacts } from '../../../../lib/domain/stream-table.ts';
import type { StreamRow } from '../../../../lib/exchange/stream-decoder.ts';
import { identifyRows } from '../../../../lib/lake/refine/streams/identify-rows.ts';
import { compareRows, rankRows } from '../../../../lib/lake/refine/streams/rank-rows.ts';

type Facts = Pick<StreamFacts, 'key' | 'keyRepeats' | 'compared'>;
const EVENTS: Facts = { key: ['time', 'side', 'price'], keyRepeats: true, compared: ['quantity'] };
const HOURS: Facts = { key: ['time'], compared: ['price'] };

const DAY = { fromMs: 0, toMs: 1_000 };
const event = (time: number, side: string, price: number, quantity = 1): StreamRow => ({ time, side, price, quantity });

/** The rows of the table that these answers make, the best answer first. */
function tableOf(facts: Facts, ...answers: readonly (readonly StreamRow[])[]) {
  const landed = answers.map((rows, index) => ({
    source: 'archive_daily' as const,
    range: DAY,
    fetchedAtMs: 1_000 - index,
    sha256: String(index),
    rows: identifyRows(facts, rows),
  }));
  const ranked = rankRows(facts, landed);
  return { rows: ranked.map(({ rows }) => rows[0]!.row), ...compareRows(facts, ranked) };
}

describe('events of one millisecond', () => {
  test('are rows of their own if any column of the key differs', () => {
    const rows = [event(5, 'SELL', 2), event(5, 'BUY', 3), event(5, 'SELL', 1)];
    const expected = [event(5, 'BUY', 3), event(5, 'SELL', 1), event(5, 'SELL', 2)];
    expect(tableOf(EVENTS, rows)).toMatchObject({ rows: expected, duplicates: 0, conflicts: 0 });
  });

  test('are rows of their own even if all columns are equal, because one answer has each event once', () => {
    const rows = [event(5, 'SELL', 2), event(5, 'SELL', 2)];
    expect(tableOf(EVENTS, rows)).toMatchObject({ rows, duplicates: 0, conflicts: 0 });
  });

  test('are the same rows in another answer, which may have fewer of them', () => {
    const rows = [event(5, 'BUY', 2), event(5, 'BUY', 2), event(6, 'SELL', 1)];
    expect(tableOf(EVENTS, rows, [event(5, 'BUY', 2)], rows)).toMatchObject({ rows, duplicates: 4, conflicts: 0 });
  });

  test('are in conflict if two answers give another value beside the key', () => {
    const { rows, conflictSamples } = tableOf(EVENTS, [event(5, 'BUY', 2, 7)], [event(5, 'BUY', 2, 8)]);
    expect(rows).toEqual([event(5, 'BUY', 2, 7)]);
    expect(conflictSamples).toMatchObject([{ timeMs: 5, column: 'quantity', kept: { value: 7 }, other: { value: 8 } }]);
  });

  test('are one row, and a duplicate or a conflict, if the key cannot repeat', () => {
    const rows = [event(5, 'BUY', 2), event(5, 'BUY', 2), event(5, 'SELL', 3)];
    expect(tableOf(HOURS, rows)).toMatchObject({ rows: [event(5, 'SELL', 3)], duplicates: 0, conflicts: 2 });
  });
});

const EVENT = fc.record({
  time: fc.integer({ min: 0, max: 3 }),
  side: fc.constantFrom('BUY', 'SELL'),
  price: fc.integer({ min: 1, max: 2 }),
  quantity: fc.constant(1),
});

/** The number of each event in some rows. */
function counts(rows: readonly StreamRow[]): ReadonlyMap<string, number> {
  const all = new Map<string, number>();
  for (const row of rows) all.set(JSON.stringify(row), (all.get(JSON.stringify(row)) ?? 0) + 1);
  return all;
}

test('no event is lost and none is counted twice, however many answers have it, in whatever order', () => {
  fc.assert(
    fc.property(fc.array(fc.array(EVENT, { maxLength: 12 }), { maxLength: 4 }), (answers) => {
      const made = tableOf(EVENTS, ...answers);
      const expected = new Map<string, number>();
      for (const answer of answers) {
        for (const [one, count] of counts(answer)) expected.set(one, Math.max(expected.get(one) ?? 0, count));
      }
      expect(counts(made.rows)).toEqual(expected);
      const shuffled = answers.map((rows) => rows.toReversed()).reverse();
      expect(tableOf(EVENTS, ...shuffled).rows).toEqual(made.rows);
    }),
  );
});
