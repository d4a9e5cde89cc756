import type { Chunk } from '../domain/chunk.ts';
import { seriesName } from '../domain/series.ts';
import type { HolesPlan } from '../plan/contract.ts';
import type { SeriesReport } from '../refine/contract.ts';

/** True where REST has answered about a hole and the series was not refined since: its report still calls it unasked. */
export function isBehind({ series, shards }: SeriesReport, answered: readonly Chunk[]): boolean {
  const name = seriesName(series);
  const holes = shards.flatMap((shard) => shard.holes);
  return answered
    .filter((chunk) => seriesName(chunk.series) === name)
    .some(({ range }) => holes.some((hole) => hole.fromMs < range.toMs && hole.toMs > range.fromMs));
}

/** A series refined twice says of the second time only which shards were made; the run made those of both. */
export function withShardsMade(report: SeriesReport, holes: HolesPlan | undefined): SeriesReport {
  const name = seriesName(report.series);
  const before = holes?.series.find(({ series }) => seriesName(series) === name);
  if (!before) return report;
  const shards = report.shards.map((shard) => ({
    ...shard,
    recomputed: shard.recomputed || before.madePeriods.includes(shard.period),
  }));
  return { ...report, shards };
}

/** What a person should know of the holes; nothing where there were none. */
export function holesNotices(holes: HolesPlan | undefined): string[] {
  if (!holes) return [];
  const { candles, leftCandles } = holes;
  const asked = `asked REST for ${amount(candles)} that archive files lack`;
  return [leftCandles === 0 ? asked : `${asked}; left for the next run: ${amount(leftCandles)}`];
}

function amount(candles: number): string {
  return `${candles.toLocaleString('en-US')} ${candles === 1 ? 'candle' : 'candles'}`;
}
