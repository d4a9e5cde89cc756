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

/**
 * When one alarm rings. It is named by its key in the table, and its runbook in docs/operations.md has the same name.
 */
export interface AlarmRule {
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
  /** The machine that the schedules start, which starts the runs. */
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

/** Quarter-hours of throttling before it is worth a mail: the retries of a run outlast it. */
const THROTTLING_LASTS = 4;

/** Part of the shortest time limit of all functions from which it may soon not be enough. */
const NEAR_LIMIT = 0.8;

const SETTINGS = { WatchList: 'watchList', Everything: 'everything', Audit: 'audit' } as const;

/**
 * Something happened: the alarm rings at once, and until two hours have passed without it. No data means that it did
 * not.
 */
function event(metric: IMetric, threshold: number, about: string): AlarmRule {
  return {
    metric,
    threshold,
    about,
    evaluationPeriods: EVENT_LASTS,
    datapointsToAlarm: 1,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  };
}

/**
 * A measurement that only runs make: between runs the alarm stays as it is, so it rings once and until a run measures a
 * better value. Before the first run there is nothing to measure and no alarm.
 */
function gauge(metric: IMetric, threshold: number, about: string): AlarmRule {
  return {
    metric,
    threshold,
    about,
    evaluationPeriods: 1,
    datapointsToAlarm: 1,
    treatMissingData: TreatMissingData.IGNORE,
  };
}

/** Every alarm of the lake. */
export function alarmRules(props: AlarmRulesProps): Readonly<Record<string, AlarmRule>> {
  const { stateMachine, starter, auditor, deadLetters, service } = props;
  const counted = { statistic: 'Sum', period: PERIOD };
  const sum = (name: MetricName) => lakeMetric(service, name, counted);
  const limitsMs = Object.values(props.stages).map((stage) => stage.function.timeout!.toMilliseconds());
  return {
    RunFailed: event(
      stateMachine.metricFailed(counted),
      1,
      'A run ended failed: runs/<run id>/report.json in the lake names what did not come',
    ),
    RunTimedOut: event(stateMachine.metricTimedOut(counted), 1, 'A run took longer than a day and was stopped'),
    RunAborted: event(stateMachine.metricAborted(counted), 1, 'A run was stopped by hand'),
    ...scheduleRules(props),
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
    // The first is fetched again; the second says that it did not help.
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
    StartFailed: event(notSucceeded(starter), 1, 'A scheduled run was delivered and could not be started'),
    AuditFailed: event(
      notSucceeded(auditor),
      1,
      'An audit found that something is wrong or differs, or did not come to its end: audits/<id>.json in the lake',
    ),
    DeadLetters: event(
      deadLetters.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period: PERIOD }),
      1,
      'A scheduled run could not be delivered',
    ),
  };
}

/** For each schedule that is on: is what it brings fresh, and is it complete often enough? */
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

/** Executions that ended in any other way than by success. */
function notSucceeded(machine: StateMachine): IMetric {
  const counted = { statistic: 'Sum', period: PERIOD };
  return new MathExpression({
    label: 'Executions that did not succeed',
    expression: 'SUM(METRICS())',
    period: PERIOD,
    usingMetrics: {
      failed: machine.metricFailed(counted),
      timedOut: machine.metricTimedOut(counted),
      aborted: machine.metricAborted(counted),
    },
  });
}

function throttles({ stages }: AlarmRulesProps): IMetric {
  return new MathExpression({
    label: 'Throttles of all stages',
    expression: 'SUM(METRICS())',
    period: PERIOD,
    usingMetrics: byStage(stages, (lambda) => lambda.metricThrottles({ statistic: 'Sum', period: PERIOD })),
  });
}

/** The longest invocation of any function, in milliseconds. */
function longestInvocation({ stages }: AlarmRulesProps): IMetric {
  return new MathExpression({
    label: 'Longest invocation',
    expression: 'MAX(METRICS())',
    period: PERIOD,
    usingMetrics: byStage(stages, (lambda) => lambda.metricDuration({ statistic: 'Maximum', period: PERIOD })),
  });
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
