import { type FeatureRow, outputsOf } from '../../lib/features/feature-row.ts';
import { featureRows, TABLE } from '../../lib/features/table.ts';

/**
 * Returns the rows with a column or a kernel whose name begins so, and the rows that they read, in the table's order.
 * @param beginning all rows if it is empty
 */
export function lawRows(beginning: string): readonly FeatureRow[] {
  const rows: readonly FeatureRow[] = TABLE;
  const chosen = rows.filter((row) => [...outputsOf(row), row.kernel.name].some((name) => name.startsWith(beginning)));
  return featureRows(chosen.flatMap(outputsOf));
}
