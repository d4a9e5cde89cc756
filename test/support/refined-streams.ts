import type { Stream } from '../../lib/domain/stream.ts';
import type { StreamReport } from '../../lib/lake/refine/contract.ts';
import type { StreamLake } from './stream-lake.ts';

// The streams that tests refine, and bodies of their answers.

export const HOUR = 3_600_000;
/** Of open interest. */
export const STEP = 300_000;
export const T0 = Date.parse('2024-01-31T00:00Z');
export const JANUARY = { fromMs: Date.parse('2024-01-01'), toMs: Date.parse('2024-02-01') };

export const FUNDING: Stream = { name: 'funding', market: 'um', symbol: 'BTCUSDT' };
export const OPEN_INTEREST: Stream = { name: 'open_interest', market: 'um', symbol: 'BTCUSDT' };
export const MARK: Stream = { name: 'mark_candles', market: 'um', symbol: 'BTCUSDT', interval: '1h' };
export const INSTRUMENTS: Stream = { name: 'instruments', market: 'um' };

/** A row of open interest as REST gives it. */
export const oiRow = (timeMs: number, amount = timeMs / STEP) => ({
  timestamp: timeMs,
  sumOpenInterest: String(amount),
  sumOpenInterestValue: `${amount}.5`,
});

/** Open interest of a range as REST gives it. */
export const oiBody = (fromMs: number, toMs: number) => {
  const rows = [];
  for (let timeMs = fromMs; timeMs < toMs; timeMs += STEP) rows.push(oiRow(timeMs));
  return JSON.stringify(rows);
};

/** Open interest as a file has it, by time and amount. */
export const metrics = (rows: readonly [string, number][]) =>
  ['create_time,symbol,sum_open_interest,sum_open_interest_value,new_column']
    .concat(rows.map(([time, amount]) => `${time},BTCUSDT,${amount},${amount}.5,""`))
    .join('\n');

/** What the run says of the one stream that it refined. */
export const reportIn = (lake: StreamLake) =>
  JSON.parse(Buffer.from([...lake.objects].find(([key]) => key.startsWith('runs/'))![1]).toString()) as StreamReport;
