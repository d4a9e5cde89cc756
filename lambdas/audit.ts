import * as z from 'zod';
import { withTelemetry } from '../lib/adapters/aws/telemetry.ts';
import { systemClock } from '../lib/adapters/clock.ts';
import { readEnvironment } from '../lib/adapters/environment.ts';
import { createHttp } from '../lib/adapters/http.ts';
import { requestGovernor } from '../lib/exchange/request-governor.ts';
import { planAudit, reportAudit } from '../lib/lake/audit/audit.ts';
import { auditExchange, exchangeRequests } from '../lib/lake/audit/audit-exchange.ts';
import { auditItem } from '../lib/lake/audit/audit-item.ts';
import {
  AUDIT_INPUT,
  AUDIT_PLAN,
  type AuditPlan,
  type AuditVerdict,
  type PartAudit,
  SERIES_ITEM,
  STREAM_ITEM,
} from '../lib/lake/audit/contract.ts';
import { RUN_ID } from '../lib/lake/event-schemas.ts';
import { lakeStore } from './lake-store.ts';
import { noteComplete } from './last-complete.ts';
import { parseEvent } from './parse-event.ts';

const RUN = z.looseObject({ runId: RUN_ID });
/** Findings that are logged one by one; the report has all. */
const MAX_FINDINGS = 100;

const ENVIRONMENT = z.object({ CANDLELAKE_STREAM_CODE_HASH: z.string().regex(/^[0-9a-f]{64}$/) });

const environment = readEnvironment(process.env);
const codeHash = ENVIRONMENT.parse(process.env).CANDLELAKE_STREAM_CODE_HASH;
const clock = systemClock(environment.nowMs);
const store = lakeStore(environment);
const requests = exchangeRequests({
  http: createHttp(),
  clock,
  urls: environment.urls,
  governor: requestGovernor(clock),
});

type Answer = AuditPlan | Pick<PartAudit, 'series' | 'objects' | 'counts'> | AuditVerdict;

/** The three steps of an audit: which series and streams there are, one of them, and the report. */
export const handler = withTelemetry('audit', async (event, telemetry): Promise<Answer> => {
  const given = parseEvent(RUN, event);
  if ('request' in given) {
    const { runId, request } = parseEvent(AUDIT_INPUT, event);
    const { items, ...plan } = await planAudit(runId, request, { store, clock });
    telemetry.info('audit planned', { items: items.length, seed: plan.seed });
    return plan;
  }
  if ('series' in given || 'stream' in given) {
    const item = 'stream' in given ? parseEvent(STREAM_ITEM, event) : parseEvent(SERIES_ITEM, event);
    // A half that was out of reach for one item may answer for the next: the sandbox lives for many items.
    const context = { store, clock, exchange: auditExchange(requests), codeHash };
    const { series, objects, counts, findings, notices } = await auditItem(item, context);
    for (const notice of notices) telemetry.warn(notice);
    for (const finding of findings.slice(0, MAX_FINDINGS)) {
      if (finding.severity !== 'note') telemetry.warn('finding', { ...finding });
    }
    telemetry.info('audited', { objects, counts });
    return { series, objects, counts };
  }
  const { auditId, clean, summary, objects, counts } = await reportAudit(parseEvent(AUDIT_PLAN, event), {
    store,
    clock,
  });
  telemetry.info(summary, { clean });
  telemetry.count('ObjectsAudited', objects);
  telemetry.count('AuditWrong', counts.wrong);
  telemetry.count('AuditDiffers', counts.differs);
  await noteComplete('Audit', { store, clock });
  return { auditId, clean, summary };
});
