import * as z from 'zod';
import { ssmSecrets } from '../lib/adapters/aws/ssm-secrets.ts';
import { type Telemetry, withTelemetry } from '../lib/adapters/aws/telemetry.ts';
import { systemClock } from '../lib/adapters/clock.ts';
import { readEnvironment } from '../lib/adapters/environment.ts';
import { createHttp } from '../lib/adapters/http.ts';
import { chunkName } from '../lib/domain/chunk.ts';
import { subjectName, subjectOf } from '../lib/domain/subject.ts';
import { requestGovernor } from '../lib/exchange/request-governor.ts';
import { FETCH_INPUT, type FetchInput, type FetchResult } from '../lib/lake/fetch/contract.ts';
import { fetchBatch } from '../lib/lake/fetch/fetch-batch.ts';
import type { ApiKey } from '../lib/ports.ts';
import { lakeStore } from './lake-store.ts';
import { parseEvent } from './parse-event.ts';

const ENVIRONMENT = z.object({ CANDLELAKE_API_KEY_PARAMETER: z.string(), CANDLELAKE_SECRET_KEY_PARAMETER: z.string() });

const environment = readEnvironment(process.env);
const names = ENVIRONMENT.parse(process.env);
const secrets = ssmSecrets({
  keyParameter: names.CANDLELAKE_API_KEY_PARAMETER,
  secretParameter: names.CANDLELAKE_SECRET_KEY_PARAMETER,
});
const clock = systemClock(environment.nowMs);
const context = {
  store: lakeStore(environment),
  http: createHttp(),
  clock,
  urls: environment.urls,
  governor: requestGovernor(clock),
};

export const handler = withTelemetry('fetch', async (event, telemetry): Promise<FetchResult> => {
  const input = parseEvent(FETCH_INPUT, event);
  telemetry.about(namesOf(input));
  const result = await fetchBatch(input, { ...context, apiKey: await apiKeyIfReadable(telemetry) });
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

/** Returns the names of the chunks, and of their series or streams, for the log. */
function namesOf(input: FetchInput): { readonly series: string; readonly chunks: string } {
  const chunks = 'streamChunks' in input ? input.streamChunks : input.chunks;
  const subjects = new Set(chunks.map((chunk) => subjectName(subjectOf(chunk))));
  return { series: [...subjects].join(', '), chunks: chunks.map(chunkName).join(', ') };
}
