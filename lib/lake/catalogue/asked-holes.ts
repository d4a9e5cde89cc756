import type { Chunk } from '../../domain/chunk.ts';
import { plural } from '../../domain/format-amount.ts';
import { seriesName } from '../../domain/series.ts';
import type { HolesPlan } from '../plan/contract.ts';
import type { SeriesReport } from '../refine/contract.ts';

/** Returns true if requests for holes were answered after the series was last refined. Its report lacks the answers. */
export function isBehind({ series, askedHoles }: SeriesReport, answered: readonly Chunk[]): boolean {
  const name = seriesName(series);
  return !askedHoles && answered.some((chunk) => seriesName(chunk.series) === name);
}

/** Marks the shards of the first refine of this run too. The report of a second refine marks only its own. */
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

/** Returns the notices about holes, for a person to read. */
export function holesNotices(holes: HolesPlan | undefined): string[] {
  if (!holes) return [];
  const { chunks, candles, leftCandles, notices } = holes;
  if (chunks.length === 0) return [...notices];
  const ofRest = chunks.some(({ source }) => source === 'rest');
  const ofFiles = chunks.some(({ source }) => source !== 'rest');
  const whom = [...(ofRest ? ['REST'] : []), ...(ofFiles ? ['daily files'] : [])].join(' and ');
  const asked = `asked ${whom} for ${plural(candles, 'candle')} that archive files lack`;
  return [leftCandles === 0 ? asked : `${asked}; left for the next run: ${plural(leftCandles, 'candle')}`, ...notices];
}
