import { z } from 'zod';
import { glueCatalogue } from '../lib/adapters/aws/glue-catalogue.ts';
import { systemClock } from '../lib/adapters/clock.ts';
import { readEnvironment } from '../lib/adapters/environment.ts';
import { catalogue } from '../lib/catalogue/catalogue.ts';
import type { CatalogueResult } from '../lib/catalogue/contract.ts';
import { lakeStore } from './lake-store.ts';
import { parseEvent, RUN_ID } from './parse-event.ts';

const EVENT = z.object({ runId: RUN_ID });
const ENVIRONMENT = z.object({ CANDLELAKE_DATABASE: z.string() });

const environment = readEnvironment(process.env);
const world = {
  store: lakeStore(environment),
  catalogue: glueCatalogue(ENVIRONMENT.parse(process.env).CANDLELAKE_DATABASE, environment.lake),
  clock: systemClock(environment.nowMs),
};

export async function handler(event: unknown): Promise<CatalogueResult> {
  return catalogue(parseEvent(EVENT, event), world);
}
