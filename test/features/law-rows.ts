import { CANDLE_COLUMNS } from '../../lib/domain/candles.ts';
import { type FeatureRow, outputsOf } from '../../lib/features/feature-row.ts';
import { TABLE } from '../../lib/features/table.ts';

/**
 * The rows with a column or a kernel whose name begins so, and those that they read, in the table's order.
 * @param beginning all rows where it is empty
 */
export function lawRows(beginning: string): readonly FeatureRow[] {
  const table: readonly FeatureRow[] = TABLE;
  const candleColumns: ReadonlySet<string> = new Set(CANDLE_COLUMNS);
  const wanted = new Set<FeatureRow>();
  const read = new Set<string>();
  for (const row of [...table].reverse()) {
    const names = outputsOf(row);
    const asked = [...names, row.kernel.name].some((name) => name.startsWith(beginning));
    if (!asked && !names.some((name) => read.has(name))) continue;
    wanted.add(row);
    for (const name of row.inputs) if (!candleColumns.has(name)) read.add(name);
  }
  return table.filter((row) => wanted.has(row));
}
