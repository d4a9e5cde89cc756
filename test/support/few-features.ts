import type { FeatureRow } from '../../lib/features/feature-row.ts';
import { TABLE } from '../../lib/features/table.ts';

const rows: readonly FeatureRow[] = TABLE;

/** The rows that stored columns need: their own, and those of the columns that they read. */
function rowsFor(...columns: readonly string[]): readonly FeatureRow[] {
  const wanted = new Set(columns);
  const kept = rows.toReversed().filter((row) => {
    const names = [...row.columns.map(({ name }) => name), ...row.hidden];
    if (!names.some((name) => wanted.has(name))) return false;
    for (const input of row.inputs) wanted.add(input);
    return true;
  });
  return kept.reverse();
}

/**
 * A feature table for tests that are not about features: it has a recursive feature, a window of 7 days, which the labels
 * read, and a flag. A shard takes a fraction of the time of the whole table.
 */
export const FEW_FEATURES = rowsFor('rsi_14', 'volatility_7d', 'near_top_1d');
