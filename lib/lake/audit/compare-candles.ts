import { CANDLE_COLUMNS, CANDLE_TABLE_COLUMNS, type CandleColumn, type Candles } from '../../domain/candles.ts';
import type { TimeRange } from '../../domain/time-range.ts';

/** A candle with two values, as the text of the columns that differ: `high 37120, volume 1351.57`. */
interface CandleDifference {
  readonly openTimeMs: number;
  readonly lake: string;
  readonly sample: string;
}

export interface CandleComparison {
  readonly differences: readonly CandleDifference[];
  /** Open times that are only in the sample, and those that are only in the lake. */
  readonly onlySample: readonly number[];
  readonly onlyLake: readonly number[];
}

const COMPARED = CANDLE_COLUMNS.filter((column) => column !== 'openTimeMs');

/** Compares the candles that open in the range exactly, column by column. */
export function compareCandles(lake: Candles, sample: Candles, range: TimeRange): CandleComparison {
  const inLake = rowsByTime(lake, range);
  const inSample = rowsByTime(sample, range);
  const differences: CandleDifference[] = [];
  const onlySample: number[] = [];
  for (const [openTimeMs, row] of inSample) {
    const lakeRow = inLake.get(openTimeMs);
    if (lakeRow === undefined) {
      onlySample.push(openTimeMs);
      continue;
    }
    const columns = COMPARED.filter((column) => lake[column][lakeRow] !== sample[column][row]);
    if (columns.length === 0) continue;
    differences.push({
      openTimeMs,
      lake: valuesText(lake, lakeRow, columns),
      sample: valuesText(sample, row, columns),
    });
  }
  const onlyLake = [...inLake.keys()].filter((openTimeMs) => !inSample.has(openTimeMs));
  return { differences, onlySample: onlySample.sort((a, b) => a - b), onlyLake };
}

/** Returns the text `high 37120, volume 1351.57`. */
export function valuesText(candles: Candles, row: number, columns: readonly CandleColumn[]): string {
  return columns.map((column) => `${CANDLE_TABLE_COLUMNS[column]} ${candles[column][row]}`).join(', ');
}

/** Returns the row of each open time in the range. If a candle appears twice, the later row counts, as in refine. */
function rowsByTime({ openTimeMs, length }: Candles, range: TimeRange): Map<number, number> {
  const rows = new Map<number, number>();
  for (let row = 0; row < length; row++) {
    const timeMs = openTimeMs[row]!;
    if (timeMs >= range.fromMs && timeMs < range.toMs) rows.set(timeMs, row);
  }
  return rows;
}
