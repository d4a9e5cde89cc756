import { z } from 'zod';
import { withTelemetry } from '../lib/adapters/aws/telemetry.ts';
import { systemClock } from '../lib/adapters/clock.ts';
import { readEnvironment } from '../lib/adapters/environment.ts';
import type { RefineInput, RefineResult, RefineStreamInput, RefineStreamResult } from '../lib/lake/refine/contract.ts';
import { refineItem } from '../lib/lake/refine/refine-item.ts';
import { lakeStore } from './lake-store.ts';
import { isStreamEvent, parseEvent, RUN_ID, SERIES, STREAM } from './parse-event.ts';

const SERIES_EVENT = z.object({
  runId: RUN_ID,
  series: SERIES,
  cursor: z.string().optional(),
  remake: z.array(z.string()).optional(),
  made: z.array(z.string()).optional(),
  askedHoles: z.literal(true).optional(),
});
const STREAM_EVENT = z.object({ runId: RUN_ID, stream: STREAM });
const SHA256 = z.string().regex(/^[0-9a-f]{64}$/);
const ENVIRONMENT = z.object({ CANDLELAKE_CODE_HASH: SHA256, CANDLELAKE_STREAM_CODE_HASH: SHA256 });

/** Time that one more shard may take: with less left, the series is handed back with a cursor. */
const SHARD_MS = 240_000;

const clock = systemClock();
const store = lakeStore(readEnvironment(process.env));
const { CANDLELAKE_CODE_HASH: candles, CANDLELAKE_STREAM_CODE_HASH: streams } = ENVIRONMENT.parse(process.env);
const codeHashes = { candles, streams };

export const handler = withTelemetry(
  'refine',
  async (event, telemetry, context): Promise<RefineResult | RefineStreamResult> => {
    const outOfTime = () => context.getRemainingTimeInMillis() < SHARD_MS;
    const input = isStreamEvent(event)
      ? (parseEvent(STREAM_EVENT, event) as RefineStreamInput)
      : (parseEvent(SERIES_EVENT, event) as RefineInput);
    const result = await refineItem(input, { store, clock, codeHashes, outOfTime });
    const { shards, recomputed } = result;
    const { done, cursor } = 'done' in result ? result : { done: true, cursor: undefined };
    telemetry.info(done ? 'refined' : 'out of time', { shards, recomputed, ...(cursor !== undefined && { cursor }) });
    telemetry.count('ShardsRecomputed', recomputed);
    return result;
  },
);
