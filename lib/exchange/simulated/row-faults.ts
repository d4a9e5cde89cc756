import { type Interval, nextOpenTime } from '../../domain/interval.ts';
import { DAY_MS } from '../../domain/time-range.ts';
import { openTimeOf } from './candle-source.ts';
import type { RowFault } from './fault.ts';
import { unfinishedRow } from './unfinished-row.ts';

/** The rows with these faults; the rows themselves stay as they are. */
export function spoilRows(rows: readonly string[], faults: readonly RowFault[], interval: Interval): readonly string[] {
  return faults.reduce((spoilt, fault) => spoil(spoilt, fault, interval), rows);
}

function spoil(rows: readonly string[], fault: RowFault, interval: Interval): readonly string[] {
  if (rows.length === 0) return rows;
  const middle = rows.length >> 1;
  switch (fault.kind) {
    case 'missing_day': {
      const dayMs = fault.day === undefined ? floorDay(openTimeOf(rows[middle])) : Date.parse(fault.day);
      return rows.filter((row) => floorDay(openTimeOf(row)) !== dayMs);
    }
    case 'duplicated_rows': {
      const twice = rows.slice(middle, middle + (fault.count ?? 3));
      return [...rows.slice(0, middle + twice.length), ...twice, ...rows.slice(middle + twice.length)];
    }
    case 'out_of_order_rows': {
      // From one before the middle, so that two rows are enough to see it.
      const from = Math.max(0, middle - 1);
      const stretch = rows.slice(from, from + (fault.count ?? 5));
      return [...rows.slice(0, from), ...stretch.reverse(), ...rows.slice(from + stretch.length)];
    }
    case 'open_last_candle': {
      const last = rows.at(-1)!.split(',');
      const openMs = nextOpenTime(interval, Number(last[0]));
      const closeMs = nextOpenTime(interval, openMs) - 1;
      const next = [openMs, last[4], ...last.slice(2, 6), closeMs, ...last.slice(7)].join(',');
      return [...rows, unfinishedRow(next, 0.4)];
    }
    case 'extra_columns':
      return rows.map((row) => `${row},0`);
    case 'restated_rows':
      return rows.map((row, i) => (i >= middle && i < middle + (fault.count ?? 3) ? unfinishedRow(row, 0.5) : row));
  }
}

function floorDay(timeMs: number): number {
  return Math.floor(timeMs / DAY_MS) * DAY_MS;
}
