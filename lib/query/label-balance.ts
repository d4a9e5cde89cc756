import type { SeriesFilter } from '../domain/series-filter.ts';
import { LABEL_TABLE, type LabelRow } from '../labels/label-table.ts';
import type { QueryEngine } from '../ports.ts';
import { ofSeries } from './gap-queries.ts';

/** The number of rows of a series that have one value of a label. */
export interface ClassCount {
  readonly market: string;
  readonly symbol: string;
  readonly interval: string;
  readonly label: string;
  /** Null counts the rows without a value. */
  readonly value: number | null;
  readonly rows: number;
  /** Share of the rows that have a value; null for those without. */
  readonly share: number | null;
}

const rows: readonly LabelRow[] = LABEL_TABLE;
/** The labels whose values are classes, in the order of the table. */
const CLASS_LABELS = rows.filter(({ unit }) => unit === 'class').map(({ name }) => name);

/**
 * Counts the classes of each series of the lake. The result is empty if the lake has no labels of that kind.
 * @throws CorruptObject, EngineFailed as the engine does
 */
export async function labelBalance(wanted: SeriesFilter, engine: QueryEngine): Promise<ClassCount[]> {
  const tables = await engine.query(`SELECT 1 FROM information_schema.tables WHERE table_name = 'labels'`);
  if (tables.rows.length === 0) return [];
  const { rows: counted } = await engine.query(labelBalanceSql(wanted));
  const counts = counted.map(([market, symbol, interval, label, value, count]) => ({
    ...{ market: String(market), symbol: String(symbol), interval: String(interval), label: String(label) },
    ...{ value: value === null ? null : Number(value), rows: Number(count) },
  }));
  const seriesLabel = ({ market, symbol, interval, label }: Omit<ClassCount, 'share'>) =>
    [market, symbol, interval, label].join('/');
  const labelled = new Map<string, number>();
  for (const count of counts) {
    if (count.value !== null) labelled.set(seriesLabel(count), (labelled.get(seriesLabel(count)) ?? 0) + count.rows);
  }
  return counts.map((count) => ({
    ...count,
    share: count.value === null ? null : count.rows / labelled.get(seriesLabel(count))!,
  }));
}

/** SQL that DuckDB and Athena understand alike: one row per series, label and value. */
function labelBalanceSql(wanted: SeriesFilter): string {
  const where = ` WHERE ${ofSeries(wanted).join(' AND ')}`;
  const series = 'market, symbol, "interval"';
  const counts = CLASS_LABELS.map(
    (name, i) =>
      `SELECT ${series}, ${i} AS place, '${name}' AS label, ${name} AS value, count(*) AS row_count ` +
      `FROM labels${where} GROUP BY ${series}, ${name}`,
  );
  return (
    `SELECT ${series}, label, value, row_count FROM (${counts.join(' UNION ALL ')}) AS counts ` +
    `ORDER BY ${series}, place, value NULLS LAST`
  );
}
