import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetMetadata } from 'hyparquet';
import { createFeatureEngine } from '../lib/features/engine.ts';
import { TABLE } from '../lib/features/table.ts';
import { readTable } from '../lib/parquet/read-table.ts';
import { candlesOf, INPUTS } from './corpus.ts';

/** Rows before this one are not compared: windows of a week are not full, and peers leave out other rows. */
const FIRST_ROW = 11_000;
/** Largest difference from ours, relative to the largest value of the column: the columns are float32. */
const TOLERANCE = 1e-6;

/** Columns of peers that have our name and another definition. */
const OTHERWISE: ReadonlySet<string> = new Set([
  // TA-Lib 0.8 in polars-talib counts these by other rules than TA-Lib 0.6, which our table names.
  'cdl_engulfing',
  'cdl_harami',
  'mfi_14',
  // A correlation of two windows. Ours has the mean and the variance of one.
  'autocorr_50_1',
]);

/**
 * Compares the features that a peer has written of the month of 1m with ours, so that nobody measures a wrong program.
 * Returns a sentence about it, or undefined if the peer has written nothing.
 * @throws Error if a column differs that should be equal
 */
export async function agreement(peer: string, folder: string): Promise<string | undefined> {
  const path = join(folder, 'features.parquet');
  if (!existsSync(path)) return undefined;
  const [candles] = await candlesOf(INPUTS['1 month of 1m']);
  const ours = createFeatureEngine('1m').run(candles!).columns as Readonly<Record<string, Float64Array>>;
  const file = readFileSync(path);
  const written = new Set(parquetMetadata(new Uint8Array(file).buffer).schema.map((element) => element.name));
  const names = TABLE.flatMap((row) => row.columns.map((column): string => column.name));
  const shared = names.filter((name) => written.has(name));
  const { columns: theirs } = await readTable(file, shared);
  const different = shared.filter((name) => !(difference(ours[name]!, theirs.get(name) as Float64Array) < TOLERANCE));
  const wrong = different.filter((name) => !OTHERWISE.has(name));
  if (shared.length === 0 || wrong.length > 0) {
    throw new Error(`${peer} must have our columns with our values, got others in ${wrong.join(', ') || 'all'}`);
  }
  const rest = different.length > 0 ? `; defined otherwise: ${different.join(', ')}` : '';
  return `${peer}: ${shared.length - different.length} of ${shared.length} feature columns have our values${rest}`;
}

/** Returns the largest difference of rows, relative to our largest value; infinite if one is undefined. */
function difference(ours: Float64Array, theirs: Float64Array): number {
  let largest = 0;
  let size = 0;
  for (let i = FIRST_ROW; i < ours.length; i++) {
    const [a, b] = [ours[i]!, theirs[i]!];
    size = Math.max(size, Math.abs(a) || 0);
    if (Number.isNaN(a) && Number.isNaN(b)) continue;
    const off = Math.abs(a - b);
    largest = Number.isNaN(off) ? Number.POSITIVE_INFINITY : Math.max(largest, off);
  }
  return largest === 0 ? 0 : largest / size;
}
