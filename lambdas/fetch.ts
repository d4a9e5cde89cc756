import { z } from 'zod';
import { ssmSecrets } from '../lib/adapters/aws/ssm-secrets.ts';
import { withTelemetry } from '../lib/adapters/aws/telemetry.ts';
import { systemClock } from '../lib/adapters/clock.ts';
import { readEnvironment } from '../lib/adapters/environment.ts';
import { createHttp } from '../lib/adapters/http.ts';
import { chunkName, SOURCES } from '../lib/domain/chunk.ts';
import { seriesName } from '../lib/domain/series.ts';
import type { FetchResult } from '../lib/fetch/contract.ts';
import { fetchChunks } from '../lib/fetch/fetch.ts';
import { weightGovernor } from '../lib/fetch/weight-governor.ts';
import { lakeStore } from './lake-store.ts';
import { parseEvent, RUN_ID, SERIES } from './parse-event.ts';

const EVENT = z.object({
  runId: RUN_ID,
  batch: z.string().min(1),
  chunks: z.array(
    z.object({
      series: SERIES,
      source: z.enum(SOURCES),
      range: z.object({ fromMs: z.number(), toMs: z.number() }),
      asOfMs: z.number(),
      sizeBytes: z.number(),
      revision: z.object({ lastModifiedMs: z.number(), etag: z.string().optional(), sizeBytes: z.number() }).optional(),
    }),
  ),
});

const ENVIRONMENT = z.object({ CANDLELAKE_API_KEY_PARAMETER: z.string(), CANDLELAKE_SECRET_KEY_PARAMETER: z.string() });

const environment = readEnvironment(process.env);
const names = ENVIRONMENT.parse(process.env);
const secrets = ssmSecrets({
  keyParameter: names.CANDLELAKE_API_KEY_PARAMETER,
  secretParameter: names.CANDLELAKE_SECRET_KEY_PARAMETER,
});
const clock = systemClock(environment.nowMs);
const world = {
  store: lakeStore(environment),
  http: createHttp(),
  clock,
  urls: environment.urls,
  governor: weightGovernor(clock),
};

export const handler = withTelemetry('fetch', async (event, telemetry): Promise<FetchResult> => {
  const input = parseEvent(EVENT, event);
  const series = new Set(input.chunks.map((chunk) => seriesName(chunk.series)));
  telemetry.about({ series: [...series].join(', '), chunks: input.chunks.map(chunkName).join(', ') });
  const result = await fetchChunks(input, { ...world, apiKey: await secrets.apiKey() });
  telemetry.info('fetched', { ...result });
  telemetry.count('ExchangeWeight', result.restWeight);
  telemetry.count('BytesLanded', result.bytes);
  return result;
});
