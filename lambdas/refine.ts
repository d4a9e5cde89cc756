import { z } from 'zod';
import { withTelemetry } from '../lib/adapters/aws/telemetry.ts';
import { systemClock } from '../lib/adapters/clock.ts';
import { readEnvironment } from '../lib/adapters/environment.ts';
import type { RefineInput, RefineResult } from '../lib/refine/contract.ts';
import { refine } from '../lib/refine/refine.ts';
import { lakeStore } from './lake-store.ts';
import { parseEvent, RUN_ID, SERIES } from './parse-event.ts';

const EVENT = z.object({
  runId: RUN_ID,
  series: SERIES,
  cursor: z.string().optional(),
  remake: z.array(z.string()).optional(),
});
const ENVIRONMENT = z.object({ CANDLELAKE_CODE_HASH: z.string().regex(/^[0-9a-f]{64}$/) });

/** Time that one more shard may take: with less left, the series is handed back with a cursor. */
const SHARD_MS = 240_000;

const clock = systemClock();
const store = lakeStore(readEnvironment(process.env));
const codeHash = ENVIRONMENT.parse(process.env).CANDLELAKE_CODE_HASH;

export const handler = withTelemetry('refine', async (event, telemetry, context): Promise<RefineResult> => {
  const outOfTime = () => context.getRemainingTimeInMillis() < SHARD_MS;
  const result = await refine(parseEvent(EVENT, event) as RefineInput, { store, clock, codeHash, outOfTime });
  const { done, cursor, shards, recomputed } = result;
  telemetry.info(done ? 'refined' : 'out of time', { shards, recomputed, ...(cursor !== undefined && { cursor }) });
  telemetry.count('ShardsRecomputed', recomputed);
  return result;
});
