import { z } from 'zod';
import { withTelemetry } from '../lib/adapters/aws/telemetry.ts';
import { systemClock } from '../lib/adapters/clock.ts';
import { readEnvironment } from '../lib/adapters/environment.ts';
import { createHttp } from '../lib/adapters/http.ts';
import { scheduleOfRun } from '../lib/domain/schedule.ts';
import type { WatchList } from '../lib/domain/watch-list.ts';
import type { Plan, PlanHolesResult, PlanRequest, PlanResult } from '../lib/lake/plan/contract.ts';
import { plan } from '../lib/lake/plan/plan.ts';
import { lakeStore } from './lake-store.ts';
import { countSinceComplete } from './last-complete.ts';
import { parseEvent, RUN_ID } from './parse-event.ts';

// The words of the request are checked by the stage, which knows what is allowed.
const EVENT = z.object({ runId: RUN_ID, request: z.custom<PlanRequest>() });
const HOLES_EVENT = z.object({ runId: RUN_ID, holes: z.literal(true) });
const ENVIRONMENT = z.object({
  CANDLELAKE_WATCH_LIST: z.string(),
  CANDLELAKE_BUDGET_USD: z.coerce.number().positive().optional(),
  CANDLELAKE_REPLACED_TABLE_DAYS: z.coerce.number().positive().optional(),
  CANDLELAKE_AUDIT_SCHEDULED: z.literal('true').optional(),
});

const environment = readEnvironment(process.env);
const {
  CANDLELAKE_WATCH_LIST,
  CANDLELAKE_BUDGET_USD: budgetUsd,
  CANDLELAKE_REPLACED_TABLE_DAYS: replacedTableDays,
  CANDLELAKE_AUDIT_SCHEDULED: auditScheduled,
} = ENVIRONMENT.parse(process.env);
const world = {
  store: lakeStore(environment),
  http: createHttp(),
  clock: systemClock(environment.nowMs),
  clockFixed: environment.nowMs !== undefined,
  urls: environment.urls,
  defaults: JSON.parse(CANDLELAKE_WATCH_LIST) as WatchList,
};

export const handler = withTelemetry('plan', async (event, telemetry): Promise<PlanResult | PlanHolesResult> => {
  const onPlan = ({ archiveOnly, archiveOnlyWanted, notices, totals }: Plan) => {
    for (const notice of notices) telemetry.warn(notice);
    telemetry.info('planned', { totals });
    telemetry.count('EstimatedCostUsd', totals.awsUsd);
    telemetry.count('RestOutOfReach', archiveOnly && !archiveOnlyWanted ? 1 : 0);
    telemetry.count('RunsOverBudget', budgetUsd !== undefined && totals.awsUsd > budgetUsd ? 1 : 0);
  };
  if (isHolesEvent(event)) {
    const result = await plan(parseEvent(HOLES_EVENT, event), world);
    telemetry.info('holes planned', { chunks: result.chunks });
    return result;
  }
  const input = parseEvent(EVENT, event);
  if (scheduleOfRun(input.runId))
    await countSinceComplete(telemetry, { ...world, isAudited: auditScheduled === 'true' });
  return plan(input, { ...world, budgetUsd, replacedTableDays, onPlan });
});

/** The state machine asks a second time, once it has refined. */
function isHolesEvent(event: unknown): boolean {
  return typeof event === 'object' && event !== null && 'holes' in event;
}
