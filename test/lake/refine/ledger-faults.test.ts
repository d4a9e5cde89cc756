import fc from 'fast-check';
import { ledgerFaults } from '../../../lib/lake/ledger/ledger-faults.ts';
import { HOUR_MS } from '../../support/time.ts';

const BEGIN = Date.UTC(2024, 0, 1);
const HOURS = 12;
const at = (hour: number) => BEGIN + hour * HOUR_MS;
const ACCOUNT = { fromMs: at(0), toMs: at(HOURS) };

interface Row {
  readonly from: number;
  readonly to: number;
  readonly intervals: number;
  readonly candles: number;
}

function faultsOf(candles: readonly number[], rows: readonly Row[], account = ACCOUNT) {
  const gapRows = rows.map(({ from, to, ...counts }) => ({ fromMs: at(from), toMs: at(to), ...counts }));
  return ledgerFaults('1h', account, Float64Array.from(candles, at), gapRows);
}

/** For each hour: a candle that needs no row, a candle in a row, or an hour without a candle in a row. */
const GRIDS = fc.array(fc.constantFrom('candle', 'both', 'absent'), { minLength: HOURS, maxLength: HOURS });

/** Returns a ledger that adds up, with a row per hour. */
function ledgerOf(grid: readonly string[]): { candles: number[]; rows: Row[] } {
  const hours = [...grid.keys()];
  return {
    candles: hours.filter((hour) => grid[hour] !== 'absent'),
    rows: hours
      .filter((hour) => grid[hour] !== 'candle')
      .map((hour) => ({ from: hour, to: hour + 1, intervals: 1, candles: grid[hour] === 'both' ? 1 : 0 })),
  };
}

test('ledgerFaults finds no fault in a ledger that adds up', () => {
  fc.assert(
    fc.property(GRIDS, (grid) => {
      const { candles, rows } = ledgerOf(grid);
      expect(faultsOf(candles, rows)).toEqual([]);
    }),
  );
});

test('ledgerFaults finds a fault if any row or candle is lost, moved or counted wrong', () => {
  const change = fc.constantFrom('lose row', 'lose candle', 'count intervals', 'count candles', 'lengthen');
  fc.assert(
    fc.property(GRIDS, change, fc.nat(), (grid, how, which) => {
      const { candles, rows } = ledgerOf(grid);
      const row = which % Math.max(1, rows.length);
      const changed = (edit: Partial<Row>) => rows.map((one, index) => (index === row ? { ...one, ...edit } : one));
      const one = rows[row];
      fc.pre(how === 'lose candle' ? candles.length > 0 : one !== undefined);
      const faults = {
        'lose row': () => faultsOf(candles, rows.toSpliced(row, 1)),
        'lose candle': () => faultsOf(candles.toSpliced(which % candles.length, 1), rows),
        'count intervals': () => faultsOf(candles, changed({ intervals: one!.intervals + 1 })),
        'count candles': () => faultsOf(candles, changed({ candles: 1 - one!.candles })),
        lengthen: () => faultsOf(candles, changed({ to: one!.to + 1, intervals: 2 })),
      }[how]();
      // A row that only repeats a candle is no loss: the candle itself accounts for the hour.
      if (how === 'lose row' && one!.candles === 1) expect(faults).toEqual([]);
      else expect(faults).not.toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test('ledgerFaults names the instant, the fact, and both values', () => {
  expect(faultsOf([0, 1], [{ from: 3, to: 5, intervals: 2, candles: 0 }], { fromMs: at(0), toMs: at(4) })).toEqual([
    { atMs: at(2), what: 'intervals that are neither candles nor in the ledger', expected: '0', found: '1' },
    { what: 'end of the account', expected: '2024-01-01T04:00:00Z', found: '2024-01-01T05:00:00Z' },
  ]);
});
