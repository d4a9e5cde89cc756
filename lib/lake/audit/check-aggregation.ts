import { INTERVALS } from '../../domain/interval.ts';
import { type Period, periodRange } from '../../domain/period.ts';
import { type Series, seriesName } from '../../domain/series.ts';
import { isoTime } from '../../domain/time-range.ts';
import { manifestPrefix } from '../keys.ts';
import { readManifest } from '../manifest/manifest.ts';
import { addsUp, aggregation } from './aggregate.ts';
import type { AuditContext } from './audit-context.ts';
import { type CandleShard, readShardCandles } from './candle-shard.ts';
import { differs, type Findings } from './findings.ts';

const RULE = 'each interval is kept as the exchange publishes it';
const REMEDY = 'none: the exchange publishes both; choose the interval with care here';

/** Adds up the candles of every finer interval of the symbol in the lake, and compares the sums with this series. */
export async function checkAggregation(
  series: Series,
  shards: readonly CandleShard[],
  findings: Findings,
  { store }: AuditContext,
): Promise<void> {
  for (const interval of INTERVALS.filter((finer) => addsUp(finer, series.interval))) {
    const finer: Series = { ...series, interval };
    const finerShards = await wholeShards(finer);
    if (finerShards.length === 0) continue;
    for (const shard of shards) await compareShard(shard, finer, finerShards);
  }

  async function compareShard(shard: CandleShard, finer: Series, finerShards: readonly CandleShard[]) {
    const range = periodRange(shard.period);
    const within = finerShards.filter((own) => {
      const { firstOpenTimeMs, lastOpenTimeMs } = own.manifest.report;
      return lastOpenTimeMs >= range.fromMs && firstOpenTimeMs < range.toMs;
    });
    const published = within.length > 0 ? await readShardCandles(store, shard) : undefined;
    if (!published) return;
    const sums = aggregation(published, series.interval, finer.interval);
    for (const own of within) {
      const candles = await readShardCandles(store, own);
      if (candles) sums.add(candles);
    }
    const { differences, compared, incomplete } = sums.result();
    for (const { openTimeMs, summed, published: found } of differences) {
      const what = `candle against the sum of ${finer.interval}`;
      findings.differs('aggregation', differs(isoTime(openTimeMs), what, summed, found), REMEDY, RULE);
    }
    if (incomplete > 0) {
      const what = `candles that could not be compared: ${seriesName(finer)} is not whole there`;
      const found = `${incomplete} beside ${compared} that were`;
      findings.note('aggregation', differs(shard.period, what, 0, found));
    }
  }

  async function wholeShards(of: Series): Promise<CandleShard[]> {
    const prefix = manifestPrefix(of);
    const shards: CandleShard[] = [];
    for (const { key } of await store.list(prefix)) {
      const period: Period | undefined = /^period=([^/]+)\/manifest\.json$/.exec(key.slice(prefix.length))?.[1];
      const manifest = period === undefined ? undefined : await readManifest(store, of, period);
      if (period !== undefined && manifest) shards.push({ period, manifest });
    }
    return shards.sort((a, b) => periodRange(a.period).fromMs - periodRange(b.period).fromMs);
  }
}
