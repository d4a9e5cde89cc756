import type { RunReport } from '../catalogue/contract.ts';
import type { QueryEngine } from '../ports.ts';
import { formatResult } from '../query/format.ts';
import { commandName } from './command-name.ts';

/** A first query over what a run brought: the newest candles of its first series with some features. */
export async function newestRowsText(report: RunReport, engine: QueryEngine, width: number): Promise<string> {
  const first = report.series.find(({ shards }) => shards.length > 0);
  if (!first) return '';
  const { market, symbol, interval } = first.series;
  const sql = [
    'SELECT open_time, close, return_1, ema_20, rsi_14, signal',
    'FROM dataset',
    `WHERE market = '${market}' AND symbol = '${symbol}' AND interval = '${interval}'`,
    'ORDER BY open_time DESC LIMIT 8',
  ];
  const result = await engine.query(sql.join(' '));
  return `\n${commandName()} query "${sql.join('\n  ')}"\n${formatResult(result, 'table', { width })}`;
}
