import fc from 'fast-check';
import { parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { type Candles, sliceCandles } from '../../../lib/domain/candles.ts';
import { createFeatureEngine } from '../../../lib/features/engine.ts';
import { labelHorizon } from '../../../lib/labels/label-horizon.ts';
import { emptyLabelMemory } from '../../../lib/labels/label-memory.ts';
import { decodeCheckpoint } from '../../../lib/lake/refine/checkpoint.ts';
import { refineShard } from '../../../lib/lake/refine/refine-shard.ts';
import { sampleCandles } from '../../support/candles.ts';
import { FEW_FEATURES } from '../../support/few-features.ts';

const INTERVAL = '1h';
const SERIES = { market: 'um', symbol: 'BTCUSDT', interval: INTERVAL } as const;
// Seven days of candles come before the first label.
const CANDLES = sampleCandles(INTERVAL, 420, 'ordinary', 7);

function shardOf(candles: Candles) {
  const source = new Uint8Array(candles.length);
  return { candles, source, duplicates: 0, conflicts: [] };
}

async function rowsOf(parquet: Uint8Array): Promise<Record<string, unknown>[]> {
  const file = parquet.buffer.slice(parquet.byteOffset, parquet.byteOffset + parquet.byteLength) as ArrayBuffer;
  return parquetReadObjects({ file, compressors });
}

/** Labels of all shards between the cuts, each shard from the checkpoint of the one before, and the last checkpoint. */
async function refineCut(cuts: readonly number[]) {
  const labels: Record<string, unknown>[] = [];
  let checkpoint: Uint8Array | undefined;
  let from = 0;
  for (const to of [...cuts, CANDLES.length]) {
    if (to === from) continue;
    const features = createFeatureEngine(INTERVAL, FEW_FEATURES);
    const before = checkpoint && decodeCheckpoint(checkpoint, 'checkpoint');
    if (before) features.restore(before.engine);
    const { refined } = refineShard(
      {
        series: SERIES,
        shard: shardOf(sliceCandles(CANDLES, from, to)),
        chain: 'chain',
        previousOpenTimeMs: before?.lastOpenTimeMs ?? Number.NaN,
        following: sliceCandles(CANDLES, to, Math.min(CANDLES.length, to + labelHorizon(INTERVAL))),
        gaps: [],
      },
      { features, labelMemory: before?.labels ?? emptyLabelMemory() },
    );
    labels.push(...(await rowsOf(refined.tables.labels.bytes)));
    checkpoint = refined.checkpoint;
    // The engine stands where the checkpoint says, though it looked ahead for the labels.
    expect(decodeCheckpoint(refined.checkpoint, 'checkpoint').engine).toEqual(features.save());
    from = to;
  }
  const { engine, labels: memory } = decodeCheckpoint(checkpoint!, 'checkpoint');
  return { labels, engine, memory };
}

test('labels of shards cut anywhere, down to single candles, are those of one shard, to the last bit', async () => {
  const whole = await refineCut([]);
  expect(whole.labels).toHaveLength(CANDLES.length - labelHorizon(INTERVAL));
  expect(whole.labels.filter((row) => (row['uniqueness'] as number) < 1).length).toBeGreaterThan(100);
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.nat(CANDLES.length), { minLength: 1, maxLength: 6 }),
      fc.nat(CANDLES.length - 3),
      async (cuts, single) => {
        const sorted = [...cuts, single, single + 1, single + 2].sort((a, b) => a - b);
        expect(await refineCut(sorted)).toEqual(whole);
      },
    ),
    { numRuns: 12 },
  );
});

test('a checkpoint cut short is refused', async () => {
  const { checkpoint } = refineShard(
    {
      series: SERIES,
      shard: shardOf(CANDLES),
      chain: '',
      previousOpenTimeMs: Number.NaN,
      following: sliceCandles(CANDLES, 0, 0),
      gaps: [],
    },
    { features: createFeatureEngine(INTERVAL, FEW_FEATURES), labelMemory: emptyLabelMemory() },
  ).refined;
  expect(() => decodeCheckpoint(checkpoint.subarray(0, -8), 'checkpoint.bin')).toThrow(/checkpoint\.bin has \d+ bytes/);
  expect(() => decodeCheckpoint(checkpoint.subarray(1), 'checkpoint.bin')).toThrow(/not a checkpoint/);
});
