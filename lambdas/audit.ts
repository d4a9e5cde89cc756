import { z } from 'zod';
import { withTelemetry } from '../lib/adapters/aws/telemetry.ts';
import { systemClock } from '../lib/adapters/clock.ts';
import { readEnvironment } from '../lib/adapters/environment.ts';
import { createHttp } from '../lib/adapters/http.ts';
import { planAudit, reportAudit } from '../lib/audit/audit.ts';
import { auditSeries } from '../lib/audit/audit-series.ts';
import type { AuditPlan, AuditRequest, AuditVerdict, SeriesAudit } from '../lib/audit/contract.ts';
import { createReach } from '../lib/audit/reach.ts';
import { exchangeQuestions, LAKE_READERS } from '../lib/audit-tools.ts';
import { lakeStore } from './lake-store.ts';
import { parseEvent, RUN_ID, SERIES } from './parse-event.ts';

const SAMPLE = z.union([z.int().nonnegative(), z.literal('all')]);
const RUN = z.looseObject({ runId: RUN_ID });
// The words of the request are checked by the stage, which knows what is allowed.
const FIRST = z.object({ runId: RUN_ID, request: z.custom<AuditRequest>() });
const ITEM = z.object({ runId: RUN_ID, series: SERIES, seed: z.int(), sample: SAMPLE });
const LAST = z.object({ runId: RUN_ID, seriesKey: z.string(), seed: z.int(), sample: SAMPLE });
/** Findings that are logged one by one; the report has all. */
const MAX_FINDINGS = 100;

const environment = readEnvironment(process.env);
const clock = systemClock(environment.nowMs);
const store = lakeStore(environment);
const exchange = exchangeQuestions({ http: createHttp(), clock, urls: environment.urls });

type Answer = AuditPlan | Pick<SeriesAudit, 'series' | 'objects' | 'counts'> | AuditVerdict;

/** The three steps of an audit: which series there are, one of them, and the report. */
export const handler = withTelemetry('audit', async (event, telemetry): Promise<Answer> => {
  const given = parseEvent(RUN, event);
  if ('request' in given) {
    const { runId, request } = parseEvent(FIRST, event);
    const { items, ...plan } = await planAudit(runId, request, { store, clock });
    telemetry.info('audit planned', { series: items.length, seed: plan.seed });
    return plan;
  }
  if ('series' in given) {
    // What was out of reach for one series may be back for the next: the sandbox lives for many.
    const world = { store, clock, readers: LAKE_READERS, exchange, reach: createReach() };
    const { series, objects, counts, findings, notices } = await auditSeries(parseEvent(ITEM, event), world);
    for (const notice of notices) telemetry.warn(notice);
    for (const finding of findings.slice(0, MAX_FINDINGS)) {
      if (finding.severity !== 'note') telemetry.warn('finding', { ...finding });
    }
    telemetry.info('audited', { objects, counts });
    return { series, objects, counts };
  }
  const { auditId, clean, summary, objects, counts } = await reportAudit(parseEvent(LAST, event), { store, clock });
  telemetry.info(summary, { clean });
  telemetry.count('ObjectsAudited', objects);
  telemetry.count('AuditWrong', counts.wrong);
  telemetry.count('AuditDiffers', counts.differs);
  return { auditId, clean, summary };
});
