import * as z from 'zod';
import { withTelemetry } from '../lib/adapters/aws/telemetry.ts';
import { systemClock } from '../lib/adapters/clock.ts';
import { readEnvironment } from '../lib/adapters/environment.ts';
import { REFINE_ITEM, type RefineResult, type RefineStreamResult } from '../lib/lake/refine/contract.ts';
import { refineItem } from '../lib/lake/refine/refine.ts';
import { lakeStore } from './lake-store.ts';
import { parseEvent } from './parse-event.ts';

const SHA256 = z.string().regex(/^[0-9a-f]{64}$/);
const ENVIRONMENT = z.object({ CANDLELAKE_CODE_HASH: SHA256, CANDLELAKE_STREAM_CODE_HASH: SHA256 });

/** The time that one more shard may take. With less time left, the invocation returns a cursor. */
const SHARD_MS = 240_000;

const clock = systemClock();
const store = lakeStore(readEnvironment(process.env));
const { CANDLELAKE_CODE_HASH: candles, CANDLELAKE_STREAM_CODE_HASH: streams } = ENVIRONMENT.parse(process.env);
const codeHashes = { candles, streams };

export const handler = withTelemetry(
  'refine',
  async (event, telemetry, context): Promise<RefineResult | RefineStreamResult> => {
    const outOfTime = () => context.getRemainingTimeInMillis() < SHARD_MS;
    const item = parseEvent(REFINE_ITEM, event);
    const result = await refineItem(item, { store, clock, codeHashes, outOfTime });
    const { shards, recomputed } = result;
    const { done, cursor } = 'done' in result ? result : { done: true, cursor: undefined };
    telemetry.info(done ? 'refined' : 'out of time', { shards, recomputed, ...(cursor !== undefined && { cursor }) });
    telemetry.count('ShardsRecomputed', recomputed);
    return result;
  },
);
