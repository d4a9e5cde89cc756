import { INTERVALS } from '../../domain/interval.ts';
import { type Period, periodRange } from '../../domain/period.ts';
import { type Series, seriesName } from '../../domain/series.ts';
import { isoTime } from '../../domain/time-range.ts';
import { manifestPrefix } from '../keys.ts';
import type { Manifest } from '../manifest/contract.ts';
import { addsUp, aggregation } from './aggregate.ts';
import type { Findings } from './findings.ts';
import { readCandles, readOutput, type StandingShard } from './lake-series.ts';
import { readManifest } from './read-manifest.ts';
import type { AuditWorld } from './world.ts';

const RULE = 'each interval is kept as the exchange publishes it';

/** Adds up the candles of every finer interval that the lake holds of the symbol, and compares with this series' own. */
export async function checkAggregation(
  series: Series,
  shards: readonly StandingShard[],
  findings: Findings,
  world: AuditWorld,
): Promise<void> {
  for (const interval of INTERVALS.filter((finer) => addsUp(finer, series.interval))) {
    const finer: Series = { ...series, interval };
    const finerShards = await standingShards(finer, world);
    if (finerShards.length === 0) continue;
    for (const shard of shards) await compareShard(shard, finer, finerShards);
  }

  async function compareShard(
    { period, manifest }: StandingShard,
    finer: Series,
    finerShards: readonly StandingShard[],
  ) {
    const range = periodRange(period);
    const within = finerShards.filter((own) => {
      const { firstOpenTimeMs, lastOpenTimeMs } = own.manifest.report;
      return lastOpenTimeMs >= range.fromMs && firstOpenTimeMs < range.toMs;
    });
    const published = within.length > 0 ? await candlesOf(manifest) : undefined;
    if (!published) return;
    const sums = aggregation(published, series.interval, finer.interval);
    for (const own of within) {
      const candles = await candlesOf(own.manifest);
      if (candles) sums.add(candles);
    }
    const { differences, compared, incomplete } = sums.result();
    for (const { openTimeMs, summed, published: found } of differences) {
      findings.add('aggregation', 'differs', {
        place: isoTime(openTimeMs),
        what: `candle against the sum of ${finer.interval}`,
        expected: summed,
        found,
        rule: RULE,
        remedy: 'none: the exchange publishes both; choose the interval with care here',
      });
    }
    if (incomplete > 0) {
      findings.add('aggregation', 'note', {
        place: period,
        what: `candles that could not be compared: ${seriesName(finer)} is not whole there`,
        expected: '0',
        found: `${incomplete} beside ${compared} that were`,
        remedy: '',
      });
    }
  }

  async function candlesOf(manifest: Manifest) {
    const { candles } = manifest.outputs;
    const bytes = await readOutput(world.store, candles);
    return bytes && readCandles(bytes, world.readers);
  }
}

async function standingShards(series: Series, { store }: AuditWorld): Promise<StandingShard[]> {
  const shards: StandingShard[] = [];
  const prefix = manifestPrefix(series);
  for (const { key } of await store.list(prefix)) {
    const period: Period | undefined = /^period=([^/]+)\/manifest\.json$/.exec(key.slice(prefix.length))?.[1];
    const bytes = period === undefined ? undefined : await store.get(key);
    const read = bytes && readManifest(bytes);
    if (period !== undefined && read?.state === 'stands') shards.push({ period, manifest: read.manifest });
  }
  return shards.sort((a, b) => periodRange(a.period).fromMs - periodRange(b.period).fromMs);
}
