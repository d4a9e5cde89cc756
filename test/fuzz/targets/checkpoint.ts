import { decodeCsv } from '../../../lib/exchange/binance/decode-csv.ts';
import { createFeatureEngine } from '../../../lib/features/engine.ts';
import { emptyLabelMemory } from '../../../lib/labels/label-memory.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../../lib/lake/refine/checkpoint.ts';
import { candleRows } from '../../support/candles.ts';
import type { FuzzTarget } from '../targets.ts';

/** The state at the end of a shard, and the engine's own inside it. */
export function checkpointTarget(): FuzzTarget {
  const engine = createFeatureEngine('1h');
  engine.run(decodeCsv(Buffer.from(candleRows('1h', '2024-02-01T00:00Z', 30).join('\n')), 'some.csv'));
  const checkpoint = { chain: 'a'.repeat(64), lastOpenTimeMs: Date.parse('2024-02-02T05:00Z') };
  const labels = emptyLabelMemory();
  const longer = Object.fromEntries(Object.keys(labels).map((name) => [name, Float64Array.of(1, Number.NaN, 3)]));
  const samples = [
    encodeCheckpoint({ ...checkpoint, engine: engine.save(), labels }),
    encodeCheckpoint({
      ...checkpoint,
      engine: engine.save().subarray(0, 64),
      labels: longer as unknown as typeof labels,
    }),
  ];
  return {
    name: 'checkpoint',
    samples,
    errors: ['UnexpectedFormat'],
    read: (bytes) => engine.restore(decodeCheckpoint(bytes, 'checkpoint.bin').engine),
  };
}
