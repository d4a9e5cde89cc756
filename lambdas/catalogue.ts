import * as z from 'zod';
import { glueCatalogue } from '../lib/adapters/aws/glue-catalogue.ts';
import { withTelemetry } from '../lib/adapters/aws/telemetry.ts';
import { systemClock } from '../lib/adapters/clock.ts';
import { readEnvironment } from '../lib/adapters/environment.ts';
import { scheduleOfRun } from '../lib/domain/schedule.ts';
import { catalogue } from '../lib/lake/catalogue/catalogue.ts';
import { CATALOGUE_INPUT, type CatalogueResult, type RunReport } from '../lib/lake/catalogue/contract.ts';
import { runMetrics } from '../lib/lake/catalogue/run-metrics.ts';
import { lakeStore } from './lake-store.ts';
import { noteComplete } from './last-complete.ts';
import { parseEvent } from './parse-event.ts';

/** Failures that are logged one by one; the report has all. */
const MAX_FAILURES = 100;

/** The most series of a run that get a metric each. If a run has more, only the logs list each. */
const MAX_SERIES_METRICS = 25;

const ENVIRONMENT = z.object({ CANDLELAKE_DATABASE: z.string() });

const environment = readEnvironment(process.env);
const { CANDLELAKE_DATABASE: database } = ENVIRONMENT.parse(process.env);
const world = { store: lakeStore(environment), clock: systemClock(environment.nowMs) };

export const handler = withTelemetry('catalogue', async (event, telemetry): Promise<CatalogueResult> => {
  const input = parseEvent(CATALOGUE_INPUT, event);
  const schedule = scheduleOfRun(input.runId);
  const onReport = (report: RunReport) => {
    const { complete, summary, notices, failures, healed, recomputedShards, partitionsAdded } = report;
    telemetry.info(summary, { complete, notices, recomputedShards, partitionsAdded });
    for (const { stage, name, error, message } of failures.slice(0, MAX_FAILURES)) {
      telemetry.warn('item failed', { failedStage: stage, item: name, error: `${error}: ${message}` });
    }
    for (const { name, error, message } of healed.slice(0, MAX_FAILURES)) {
      telemetry.warn('healed by other sources', { item: name, error: `${error}: ${message}` });
    }
    const metrics = runMetrics(report);
    telemetry.count('CandlesWritten', metrics.candlesWritten);
    telemetry.count('GapsFound', metrics.gapsFound);
    telemetry.count('Conflicts', metrics.conflicts);
    telemetry.count('FailedItems', failures.length);
    telemetry.count('TablesRefused', failures.filter(({ stage }) => stage === 'catalogue').length);
    const ages = metrics.newestCandles.map(({ ageSeconds }) => ageSeconds);
    // The freshest series and the stalest: minimum and maximum of the metric.
    if (ages.length > 0) telemetry.count('NewestCandleAge', Math.min(...ages));
    if (ages.length > 1) telemetry.count('NewestCandleAge', Math.max(...ages));
    if (ages.length > 0 && schedule) telemetry.countBy('OldestSeriesAge', { schedule }, Math.max(...ages));
    for (const { series, ageSeconds } of metrics.newestCandles) {
      telemetry.info('newest candle', { series, ageSeconds });
      if (ages.length <= MAX_SERIES_METRICS) telemetry.countBy('NewestCandleAge', { series }, ageSeconds);
    }
  };
  const onNotice = (line: string) => telemetry.warn(line);
  const tables = glueCatalogue(database, environment.lake, { onNotice });
  const result = await catalogue(input, { ...world, catalogue: tables, onReport });
  if (result.complete && schedule) await noteComplete(schedule, world);
  return result;
});
