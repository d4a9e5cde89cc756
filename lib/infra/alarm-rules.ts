import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { MetricName } from '../adapters/aws/metric-names.ts';
import type { Schedule } from '../domain/schedule.ts';
import type { LambdaStage } from './access.ts';
import type { LakeConfig } from './config.ts';
import { lakeMetric } from './lake-metric.ts';
import type { StageFunction } from './stage-function.ts';

/** The condition of one alarm. Its key in the table is its name, and that of its runbook in docs/operations.md. */
interface AlarmRule {
  readonly metric: IMetric;
  readonly threshold: number;
  readonly about: string;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly treatMissingData: TreatMissingData;
}

export interface AlarmRulesProps {
  readonly stateMachine: StateMachine;
  readonly stages: Readonly<Record<LambdaStage, StageFunction>>;
  readonly deadLetters: Queue;
  /** The machine that the schedules start. It starts the runs. */
  readonly starter: StateMachine;
  /** The machine that audits the lake. */
  readonly auditor: StateMachine;
  readonly service: string;
  readonly alarms: LakeConfig['alarms'];
  readonly schedules: LakeConfig['schedules'];
}

const PERIOD = Duration.minutes(15);

/**
 * Quarter-hours for which an event keeps its alarm. A failure that repeats every quarter of an hour then mails once.
 */
const EVENT_LASTS = 8;

/** Quarter-hours of throttling before a mail is sent. A run retries for longer than that. */
const THROTTLING_LASTS = 4;

/** Part of the shortest time limit of all functions at which the alarm rings. */
const NEAR_LIMIT = 0.8;

const SETTINGS = { WatchList: 'watchList', Everything: 'everything', Audit: 'audit' } as const;

/**
 * Returns the rule of an event: the alarm rings at once, until two hours have passed without another event. No data
 * means that there was no event.
 */
function event(metric: IMetric, threshold: number, about: string): AlarmRule {
  const treatMissingData = TreatMissingData.NOT_BREACHING;
  return { metric, threshold, about, evaluationPeriods: EVENT_LASTS, datapointsToAlarm: 1, treatMissingData };
}

/**
 * Returns the rule of a value that only runs measure. Between runs the alarm keeps its state, so it rings until a run
 * measures a better value. Before the first run there is no value and no alarm.
 */
function gauge(metric: IMetric, threshold: number, about: string): AlarmRule {
  const treatMissingData = TreatMissingData.IGNORE;
  return { metric, threshold, about, evaluationPeriods: 1, datapointsToAlarm: 1, treatMissingData };
}

/** Every alarm of the lake. */
export function alarmRules(props: AlarmRulesProps): Readonly<Record<string, AlarmRule>> {
  return { ...runRules(props), ...scheduleRules(props), ...stageRules(props), ...startRules(props) };
}

const COUNTED = { statistic: 'Sum', period: PERIOD };

function runRules({ stateMachine }: AlarmRulesProps): Record<string, AlarmRule> {
  return {
    RunFailed: event(
      stateMachine.metricFailed(COUNTED),
      1,
      'A run ended failed: runs/<run id>/report.json in the lake lists what is missing',
    ),
    RunTimedOut: event(stateMachine.metricTimedOut(COUNTED), 1, 'A run took longer than a day and was stopped'),
    RunAborted: event(stateMachine.metricAborted(COUNTED), 1, 'A run was stopped by hand'),
  };
}

/** Alarms from what the stages count. */
function stageRules(props: AlarmRulesProps): Record<string, AlarmRule> {
  const sum = (name: MetricName) => lakeMetric(props.service, name, COUNTED);
  const limitsMs = Object.values(props.stages).map((stage) => stage.function.timeout!.toMilliseconds());
  return {
    ExchangeThrottled: event(sum('ExchangeBusy'), 10, 'The exchange limits us, or does not answer, again and again'),
    LambdaThrottled: {
      ...event(
        throttles(props),
        10,
        "Lambda has refused invocations for an hour: the account's concurrency is used up",
      ),
      evaluationPeriods: THROTTLING_LASTS,
      datapointsToAlarm: THROTTLING_LASTS,
    },
    FunctionSlow: event(
      longestInvocation(props),
      NEAR_LIMIT * Math.min(...limitsMs),
      `A function took more than ${NEAR_LIMIT * 100} % of its time limit`,
    ),
    // Damaged bytes are fetched once more. The second failure means that this did not help.
    ChecksumFailed: event(
      sum('ChecksumFailures'),
      2,
      'Bytes were not those that the exchange published, twice; nothing of them has landed',
    ),
    TablesRefused: event(
      sum('TablesRefused'),
      1,
      'Glue or Lake Formation refused partitions: the data is in the lake, and Athena does not see all of it',
    ),
    OverBudget: event(sum('RunsOverBudget'), 1, 'A run was expected to cost more than its budget and was not started'),
  };
}

/** Alarms about what starts runs, and about audits. */
function startRules({ starter, auditor, deadLetters }: AlarmRulesProps): Record<string, AlarmRule> {
  return {
    StartFailed: event(notSucceeded(starter), 1, 'A scheduled run was delivered and could not be started'),
    AuditFailed: event(
      notSucceeded(auditor),
      1,
      'An audit found that something is wrong or differs, or it did not end: audits/<id>.json in the lake',
    ),
    DeadLetters: event(
      deadLetters.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period: PERIOD }),
      1,
      'A scheduled run could not be delivered',
    ),
  };
}

/** Alarms of each enabled schedule: the age of its data, and the time since it was last complete. */
function scheduleRules({ service, alarms, schedules }: AlarmRulesProps): Record<string, AlarmRule> {
  const longest = (name: MetricName, schedule: Schedule) =>
    lakeMetric(service, name, { statistic: 'Maximum', period: PERIOD, by: { schedule } });
  const rules = (Object.keys(SETTINGS) as Schedule[])
    .filter((schedule) => schedules[SETTINGS[schedule]].enabled)
    .flatMap((schedule): [string, AlarmRule][] => {
      const minutes = alarms.staleAfterMinutes[SETTINGS[schedule]];
      const sinceComplete = longest('SecondsSinceComplete', schedule);
      if (schedule === 'Audit') {
        return [['AuditMissing', gauge(sinceComplete, minutes * 60, `No audit has ended for ${minutes} minutes`)]];
      }
      const age = longest('OldestSeriesAge', schedule);
      return [
        [
          `${schedule}Stale`,
          gauge(age, minutes * 60, `A series of the schedule ${schedule} ends more than ${minutes} minutes ago`),
        ],
        [
          `${schedule}Late`,
          gauge(sinceComplete, minutes * 60, `No run of the schedule ${schedule} was complete for ${minutes} minutes`),
        ],
      ];
    });
  return Object.fromEntries(rules);
}

function over(label: string, what: 'SUM' | 'MAX', usingMetrics: Record<string, IMetric>): IMetric {
  return new MathExpression({ label, expression: `${what}(METRICS())`, period: PERIOD, usingMetrics });
}

/** Counts the executions that did not succeed. */
function notSucceeded(machine: StateMachine): IMetric {
  return over('Executions that did not succeed', 'SUM', {
    failed: machine.metricFailed(COUNTED),
    timedOut: machine.metricTimedOut(COUNTED),
    aborted: machine.metricAborted(COUNTED),
  });
}

function throttles({ stages }: AlarmRulesProps): IMetric {
  const metrics = byStage(stages, (lambda) => lambda.metricThrottles(COUNTED));
  return over('Throttles of all stages', 'SUM', metrics);
}

/** Measures the longest invocation of any function, in milliseconds. */
function longestInvocation({ stages }: AlarmRulesProps): IMetric {
  const metrics = byStage(stages, (lambda) => lambda.metricDuration({ statistic: 'Maximum', period: PERIOD }));
  return over('Longest invocation', 'MAX', metrics);
}

function byStage(
  stages: AlarmRulesProps['stages'],
  metricOf: (lambda: StageFunction['function']) => unknown,
): Record<string, IMetric> {
  // CDK's metrics do not satisfy its own interface under exactOptionalPropertyTypes.
  return Object.fromEntries(
    Object.entries(stages).map(([stage, { function: lambda }]) => [stage, metricOf(lambda) as IMetric]),
  );
}
