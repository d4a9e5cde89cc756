import { z } from 'zod';
import { systemClock } from '../lib/adapters/clock.ts';
import { readEnvironment } from '../lib/adapters/environment.ts';
import { createHttp } from '../lib/adapters/http.ts';
import type { WatchList } from '../lib/domain/watch-list.ts';
import type { PlanRequest, PlanResult } from '../lib/plan/contract.ts';
import { plan } from '../lib/plan/plan.ts';
import { lakeStore } from './lake-store.ts';
import { parseEvent, RUN_ID } from './parse-event.ts';

// The words of the request are checked by the stage, which knows what is allowed.
const EVENT = z.object({ runId: RUN_ID, request: z.custom<PlanRequest>() });
const ENVIRONMENT = z.object({ CANDLELAKE_WATCH_LIST: z.string() });

const environment = readEnvironment(process.env);
const world = {
  store: lakeStore(environment),
  http: createHttp(),
  clock: systemClock(environment.nowMs),
  clockFixed: environment.nowMs !== undefined,
  urls: environment.urls,
  defaults: JSON.parse(ENVIRONMENT.parse(process.env).CANDLELAKE_WATCH_LIST) as WatchList,
};

export async function handler(event: unknown): Promise<PlanResult> {
  return plan(parseEvent(EVENT, event), world);
}
