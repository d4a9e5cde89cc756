import * as z from 'zod';
import { withTelemetry } from '../lib/adapters/aws/telemetry.ts';
import { systemClock } from '../lib/adapters/clock.ts';
import { readEnvironment } from '../lib/adapters/environment.ts';
import { createHttp } from '../lib/adapters/http.ts';
import { scheduleOfRun } from '../lib/domain/schedule.ts';
import type { WatchList } from '../lib/domain/watch-list.ts';
import { requestGovernor } from '../lib/exchange/request-governor.ts';
import {
  PLAN_HOLES_INPUT,
  PLAN_INPUT,
  type Plan,
  type PlanHolesResult,
  type PlanResult,
} from '../lib/lake/plan/contract.ts';
import { plan } from '../lib/lake/plan/plan.ts';
import { lakeStore } from './lake-store.ts';
import { countSinceComplete } from './last-complete.ts';
import { parseEvent } from './parse-event.ts';

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
const clock = systemClock(environment.nowMs);
const context = {
  store: lakeStore(environment),
  http: createHttp(),
  clock,
  governor: requestGovernor(clock),
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
    const result = await plan(parseEvent(PLAN_HOLES_INPUT, event), context);
    telemetry.info('holes planned', { chunks: result.chunks });
    return result;
  }
  const input = parseEvent(PLAN_INPUT, event);
  if (scheduleOfRun(input.runId))
    await countSinceComplete(telemetry, { ...context, isAudited: auditScheduled === 'true' });
  return plan(input, { ...context, budgetUsd, replacedTableDays, onPlan });
});

/** Returns true for the second call of the state machine, after it has refined. */
function isHolesEvent(event: unknown): boolean {
  return typeof event === 'object' && event !== null && 'holes' in event;
}
