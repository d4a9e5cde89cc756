import { readFileSync } from 'node:fs';
import { allocateCandles, CANDLE_COLUMNS } from '../../lib/domain/candles.ts';
import { readRecordedSeries } from '../../lib/exchange/simulated/read-recorded-series.ts';
import { createFeatureEngine } from '../../lib/features/engine.ts';
import type { FeatureRow } from '../../lib/features/feature-row.ts';
import { type FeatureName, TABLE } from '../../lib/features/table.ts';
import { describeWithRecordedData, recordedFile } from '../support/recorded-data.ts';
import { noteError } from './note-error.ts';
import { UNITS } from './units.ts';

const SERIES = [
  ['um-BTCUSDT-1h', '1h', 'futures-um/klines-12col/BTCUSDT/1h/BTCUSDT-1h-2026-07.csv.gz'],
  ['um-FILUSDT-1m', '1m', 'futures-um/klines-12col/FILUSDT/1m/FILUSDT-1m-2023-09.csv.gz'],
  ['spot-BTCUSDT-2h', '2h', 'spot/klines-12col/BTCUSDT/2h/BTCUSDT-2h-2017-08_2026-04.csv.gz'],
] as const;

const rows: readonly FeatureRow[] = TABLE;
const named = rows.flatMap((row) => row.columns).filter((column) => column.source.startsWith('TA-Lib'));

describeWithRecordedData('features against TA-Lib over recorded candles', () => {
  test.each(SERIES)('%s: every column that names TA-Lib, to 1e-9', async (name, interval, path) => {
    const text = readFileSync(new URL(`goldens/recorded/${name}.csv`, import.meta.url), 'utf8');
    const [head, ...lines] = text
      .trimEnd()
      .split('\n')
      .map((line) => line.split(','));
    expect(head!.slice(1)).toEqual(named.map((column) => column.name).sort());

    const recorded = await readRecordedSeries(recordedFile(path), 'um');
    const candles = allocateCandles(Math.min(3000, recorded.rows.length));
    for (let row = 0; row < candles.length; row++) {
      const fields = recorded.rows[row]!.split(',');
      CANDLE_COLUMNS.forEach((column, i) => {
        candles[column][row] = Number(fields[i]);
      });
    }
    const { columns } = createFeatureEngine(interval).run(candles);
    // A value that is the small difference of prices or volumes can be no closer than those are.
    const sizes = { price: candles.close, volume: candles.volume, none: Float64Array.of(1) };
    let compared = 0;
    const differing = [];
    for (const cells of lines) {
      const row = Number(cells[0]);
      for (const [i, column] of head!.entries()) {
        if (i === 0) continue;
        const ours = columns[column as FeatureName][row]!;
        const unit = UNITS.get(column);
        const scale = Math.max(...(unit === 'price' || unit === 'volume' ? sizes[unit] : sizes.none));
        if (cells[i] === '') {
          if (!Number.isNaN(ours)) differing.push({ column, row, expected: 'undefined', ours });
          continue;
        }
        const expected = Number(cells[i]);
        compared++;
        noteError(column, 'TA-Lib 0.6.4', expected, ours, scale);
        const tolerance = 1e-9 * Math.max(scale, Math.abs(expected));
        if (!(Math.abs(expected - ours) <= tolerance)) differing.push({ column, row, expected, ours });
      }
    }
    expect(differing).toEqual([]);
    expect(compared).toBeGreaterThan(lines.length * named.length * 0.8);
  });
});
