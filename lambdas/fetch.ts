import { z } from 'zod';
import { ssmSecrets } from '../lib/adapters/aws/ssm-secrets.ts';
import { type Telemetry, withTelemetry } from '../lib/adapters/aws/telemetry.ts';
import { systemClock } from '../lib/adapters/clock.ts';
import { readEnvironment } from '../lib/adapters/environment.ts';
import { createHttp } from '../lib/adapters/http.ts';
import { chunkName, SOURCES } from '../lib/domain/chunk.ts';
import { seriesName } from '../lib/domain/series.ts';
import { streamTitle } from '../lib/domain/stream.ts';
import { weightGovernor } from '../lib/exchange/binance/weight-governor.ts';
import type { FetchInput, FetchResult, StreamFetchInput } from '../lib/lake/fetch/contract.ts';
import { fetchBatch } from '../lib/lake/fetch/fetch-batch.ts';
import type { ApiKey } from '../lib/ports.ts';
import { lakeStore } from './lake-store.ts';
import { isStreamEvent, parseEvent, RUN_ID, SERIES, STREAM } from './parse-event.ts';

const BATCH = { runId: RUN_ID, batch: z.string().min(1) };
const REVISION = z.object({ lastModifiedMs: z.number(), etag: z.string().optional(), sizeBytes: z.number() });
const CHUNK = {
  source: z.enum(SOURCES),
  range: z.object({ fromMs: z.number(), toMs: z.number() }),
  asOfMs: z.number(),
  sizeBytes: z.number(),
  revision: REVISION.optional(),
};
const CANDLES_EVENT = z.object({ ...BATCH, chunks: z.array(z.object({ series: SERIES, ...CHUNK })) });
const STREAMS_EVENT = z.object({ ...BATCH, streamChunks: z.array(z.object({ stream: STREAM, ...CHUNK })) });

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
  const input = isStreamEvent(event)
    ? (parseEvent(STREAMS_EVENT, event) as StreamFetchInput)
    : parseEvent(CANDLES_EVENT, event);
  telemetry.about(namesOf(input));
  const result = await fetchBatch(input, { ...world, apiKey: await apiKeyIfReadable(telemetry) });
  telemetry.info('fetched', { ...result });
  telemetry.count('ExchangeWeight', result.restWeight);
  telemetry.count('BytesLanded', result.bytes);
  return result;
});

/**
 * Returns the API key, or undefined if it cannot be read now. Nothing that is fetched needs a key, so a throttled SSM
 * must not fail a batch. The next batch reads again. A request that did need a key would fail and name the reason.
 */
async function apiKeyIfReadable(telemetry: Telemetry): Promise<ApiKey | undefined> {
  try {
    return await secrets.apiKey();
  } catch (error) {
    const { name, message } = error as Error;
    telemetry.warn('the API key cannot be read, so this batch is fetched without it', { error: `${name}: ${message}` });
    return undefined;
  }
}

/** What the chunks, and the series or streams that they belong to, are called in the log. */
function namesOf(input: FetchInput | StreamFetchInput): { readonly series: string; readonly chunks: string } {
  const [series, chunks] =
    'streamChunks' in input
      ? [input.streamChunks.map(({ stream }) => streamTitle(stream)), input.streamChunks.map(chunkName)]
      : [input.chunks.map((chunk) => seriesName(chunk.series)), input.chunks.map(chunkName)];
  return { series: [...new Set(series)].join(', '), chunks: chunks.join(', ') };
}
