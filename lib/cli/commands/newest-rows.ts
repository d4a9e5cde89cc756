import type { RunReport } from '../../lake/catalogue/contract.ts';
import type { QueryEngine } from '../../ports.ts';
import { formatResult } from '../../query/format.ts';
import { type GivenOptions, keepOptions } from '../keep-options.ts';

const ROWS = 8;

/**
 * Returns a first query over the first series of a run, as a command that can be pasted, and its answer: the newest
 * candles with a label. A series that is too short for labels shows its newest candles.
 * @param given options of the run; the command keeps `--lake`
 */
export async function newestRowsText(
  report: RunReport,
  engine: QueryEngine,
  width: number,
  given: GivenOptions = {},
): Promise<string> {
  const first = report.series.find(({ shards }) => shards.length > 0);
  if (!first) return '';
  const { market, symbol, interval } = first.series;
  const ofSeries = `WHERE market = '${market}' AND symbol = '${symbol}' AND interval = '${interval}'`;
  for (const where of [`${ofSeries}\n    AND signal IS NOT NULL`, ofSeries]) {
    const sql = [
      'SELECT open_time, close, return_1, rsi_14, signal, label_known_at',
      'FROM dataset',
      where,
      `ORDER BY open_time DESC LIMIT ${ROWS}`,
    ].join('\n  ');
    const result = await engine.query(sql);
    if (result.rows.length === 0) continue;
    return `\n${keepOptions('npx lake query', given)} "\n  ${sql}"\n${formatResult(result, 'table', { width })}`;
  }
  return '';
}
