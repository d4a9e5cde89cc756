import { Duration } from 'aws-cdk-lib';
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  MathExpression,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { METRIC_NAMESPACE, METRICS, type MetricName } from '../adapters/aws/metric-names.ts';
import { SCHEDULES, type Schedule } from '../domain/schedule.ts';
import type { LambdaStage } from './access.ts';
import { lakeMetric } from './lake-metric.ts';
import type { StageFunction } from './stage-function.ts';

interface LakeDashboardProps {
  readonly stateMachine: StateMachine;
  readonly stages: Readonly<Record<LambdaStage, StageFunction>>;
  readonly alarms: readonly Alarm[];
  readonly service: string;
}

/** Schedules of runs. Audits collect no candles. */
const RUNS_BY_SCHEDULE = SCHEDULES.filter((schedule) => schedule !== 'Audit');

/** The statistic of a metric over a period. A metric that is not here is summed. */
const STATISTICS: Partial<Record<MetricName, string>> = { NewestCandleAge: 'Minimum', EstimatedCostUsd: 'Maximum' };

/** One page: alarms, runs, the counts of the stages, and the durations of the functions. */
export class LakeDashboard extends Construct {
  constructor(scope: Construct, id: string, { stateMachine, stages, alarms, service }: LakeDashboardProps) {
    super(scope, id);
    const period = Duration.hours(1);
    const graph = (title: string, left: IMetric[]) => new GraphWidget({ title, left, width: 8, height: 6 });
    const own = (stage: LambdaStage) =>
      METRICS[stage].map((name) => lakeMetric(service, name, { period, statistic: STATISTICS[name] ?? 'Sum' }));
    const ofSchedule = (name: MetricName) => (schedule: Schedule) =>
      lakeMetric(service, name, { period, statistic: 'Maximum', by: { schedule }, label: schedule });
    const newest = `{${METRIC_NAMESPACE},service,series} MetricName="NewestCandleAge" service="${service}"`;
    const functions = Object.values(stages).map((stage) => stage.function);
    new Dashboard(this, 'Dashboard', {
      dashboardName: service,
      widgets: [
        [new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: 24, height: 3 })],
        [
          graph('Runs', [
            stateMachine.metricSucceeded({ period, statistic: 'Sum' }),
            stateMachine.metricFailed({ period, statistic: 'Sum' }),
          ]),
          graph('Time of a run', [stateMachine.metricTime({ period, statistic: 'Maximum' })]),
          graph(
            'Errors of functions',
            functions.map((lambda) => lambda.metricErrors({ period, statistic: 'Sum' }) as IMetric),
          ),
        ],
        [
          graph('Age of the oldest series by schedule', RUNS_BY_SCHEDULE.map(ofSchedule('OldestSeriesAge'))),
          graph('Time since complete by schedule', SCHEDULES.map(ofSchedule('SecondsSinceComplete'))),
          graph('Age of the newest candle by series', [
            new MathExpression({
              label: '',
              expression: `SEARCH('${newest}', 'Maximum')`,
              usingMetrics: {},
              period,
            }),
          ]),
        ],
        [graph('plan', own('plan')), graph('fetch', own('fetch')), graph('refine', own('refine'))],
        [
          graph('catalogue', own('catalogue')),
          graph(
            'Time of functions',
            functions.map((lambda) => lambda.metricDuration({ period, statistic: 'Maximum' }) as IMetric),
          ),
          graph(
            'Throttles of functions',
            functions.map((lambda) => lambda.metricThrottles({ period, statistic: 'Sum' }) as IMetric),
          ),
        ],
        [graph('audit', own('audit'))],
      ],
    });
  }
}
