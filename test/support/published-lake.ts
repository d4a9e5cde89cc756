import { codeHashes } from '../../lib/adapters/local/code-hash.ts';
import { folderObjectStore } from '../../lib/adapters/local/folder-object-store.ts';
import { type Candles, sliceCandles } from '../../lib/domain/candles.ts';
import { periodOf } from '../../lib/domain/period.ts';
import type { Series } from '../../lib/domain/series.ts';
import { createFeatureEngine } from '../../lib/features/engine.ts';
import { labelHorizon } from '../../lib/labels/label-horizon.ts';
import { emptyLabelMemory } from '../../lib/labels/label-memory.ts';
import { chainOf } from '../../lib/lake/manifest/hash-candles.ts';
import { publishShard } from '../../lib/lake/refine/publish-shard.ts';
import { refineShard } from '../../lib/lake/refine/refine-shard.ts';

/** Publishes candles as a run would, without an exchange: every shard with its tables and its manifest. */
export async function publishCandles(lake: string, series: Series, candles: Candles): Promise<void> {
  const { interval } = series;
  const codeHash = codeHashes().candles;
  const features = createFeatureEngine(interval);
  let labelMemory = emptyLabelMemory();
  let previousChain = '';
  let previousOpenTimeMs = Number.NaN;
  for (let from = 0; from < candles.length; ) {
    const period = periodOf(interval, candles.openTimeMs[from]!);
    let to = from;
    while (to < candles.length && periodOf(interval, candles.openTimeMs[to]!) === period) to++;
    const shard = {
      candles: sliceCandles(candles, from, to),
      source: new Uint8Array(to - from),
      duplicates: 0,
      notClosed: 0,
      conflicts: [],
      inputs: [],
      landed: [],
      answers: [],
      contained: new Map(),
      unreadable: [],
      quarantined: { notListed: { rows: 0, traded: 0 }, settled: { rows: 0, traded: 0 } },
    };
    const following = sliceCandles(candles, to, Math.min(candles.length, to + labelHorizon(interval)));
    const account = { fromMs: candles.openTimeMs[from]!, toMs: candles.openTimeMs[to - 1]! };
    const ledger = { account, rows: [], grid: to - from, accounted: {}, unasked: 0, holes: [] };
    const chain = chainOf(previousChain, shard.candles, codeHash);
    const { refined, labelMemory: next } = refineShard(
      { series, shard, chain, previousOpenTimeMs, following, gaps: ledger.rows },
      { features, labelMemory },
    );
    await publishShard(
      { store: folderObjectStore(lake), clock: { nowMs: () => 0 }, runId: 'run', finished: new Set() },
      {
        series,
        period,
        inputs: [],
        codeHash,
        previousChain,
        chain,
        lookahead: '',
        shard,
        ledger,
        lineage: { ...account, basis: '' },
        refined,
        lookedAtMs: following.openTimeMs.at(-1) ?? candles.openTimeMs[to - 1]!,
        newestVersions: new Map(),
        madeFrom: { inputs: [], others: [], facts: [], failures: [] },
        seen: new Map(),
        isWhole: false,
      },
    );
    labelMemory = next;
    previousChain = chain;
    previousOpenTimeMs = candles.openTimeMs[to - 1]!;
    from = to;
  }
}
