import { text } from './deployed/template.ts';
import { synthesisedResources, type TemplateResource } from './synthesised-template.ts';

type Resources = Readonly<Record<string, TemplateResource>>;

/** A metric, as an alarm has it directly or within an expression. */
interface MetricFields {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: unknown }[];
}

interface AlarmFields extends MetricFields {
  readonly Statistic: string;
  readonly Period: number;
  readonly Threshold: number;
  readonly ComparisonOperator: string;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm: number;
  readonly TreatMissingData: string;
  readonly Metrics?: readonly {
    readonly Expression?: string;
    readonly MetricStat?: { readonly Metric: MetricFields; readonly Stat: string; readonly Period: number };
  }[];
}

const OPERATORS: Readonly<Record<string, string>> = { GreaterThanOrEqualToThreshold: '>=' };

/** Returns one metric as a line. Generated ids lose their hash: `<RunsStateMachine>`. */
function watched(statistic: string, { Namespace, MetricName, Dimensions = [] }: MetricFields, period: number): string {
  const dimensions = Dimensions.map(({ Name, Value }) => `${Name}=${text(Value).replace(/[0-9A-F]{8}>$/, '>')}`);
  return `${statistic} of ${Namespace} ${MetricName} {${dimensions}} in ${period} s`;
}

/** Returns everything that decides when an alarm rings: its metrics, then its condition. */
function ruleOf(fields: AlarmFields): readonly string[] {
  const { Metrics = [], ComparisonOperator: operator, DatapointsToAlarm: points, EvaluationPeriods: of } = fields;
  const metrics = Metrics.flatMap(({ Expression, MetricStat }) => {
    if (Expression !== undefined) return [Expression];
    return MetricStat ? [watched(MetricStat.Stat, MetricStat.Metric, MetricStat.Period)] : [];
  });
  return [
    ...(Metrics.length > 0 ? metrics : [watched(fields.Statistic, fields, fields.Period)]),
    `${OPERATORS[operator] ?? operator} ${fields.Threshold}, ${points} of ${of}, ${fields.TreatMissingData}`,
  ];
}

function rulesOf(resources: Resources): Record<string, readonly string[]> {
  const alarms = Object.entries(resources).filter(([, { Type }]) => Type === 'AWS::CloudWatch::Alarm');
  return Object.fromEntries(
    alarms.map(([id, { Properties }]) => [
      id.replace(/^Alarm(.*)[0-9A-F]{8}$/, '$1'),
      ruleOf(Properties as unknown as AlarmFields),
    ]),
  );
}

const own = (statistic: string, metric: string, schedule?: string) =>
  `${statistic} of Candlelake ${metric} {${schedule ? `schedule=${schedule},` : ''}service=candlelake} in 900 s`;
const executions = (outcome: string, machine: string) =>
  `Sum of AWS/States Executions${outcome} {StateMachineArn=<${machine}StateMachine>} in 900 s`;
const notSucceeded = (machine: string) => [
  'SUM(METRICS())',
  ...['Failed', 'TimedOut', 'Aborted'].map((outcome) => executions(outcome, machine)),
];
const ofEachFunction = (statistic: string, metric: string) =>
  ['Plan', 'Fetch', 'Refine', 'Catalogue', 'Audit'].map(
    (stage) => `${statistic} of AWS/Lambda ${metric} {FunctionName=<${stage}Function>} in 900 s`,
  );

/** The condition of an event: any quarter-hour of the last two hours. */
const event = (threshold: number) => `>= ${threshold}, 1 of 8, notBreaching`;

/** The condition of a value that only runs measure: the last measured value decides. */
const gauge = (threshold: number) => `>= ${threshold}, 1 of 1, ignore`;

const QUEUE = '{QueueName=<RefreshDeadLetters>}';

const RULES: Readonly<Record<string, readonly string[]>> = {
  RunFailed: [executions('Failed', 'Runs'), event(1)],
  RunTimedOut: [executions('TimedOut', 'Runs'), event(1)],
  RunAborted: [executions('Aborted', 'Runs'), event(1)],
  WatchListStale: [own('Maximum', 'OldestSeriesAge', 'WatchList'), gauge(45 * 60)],
  WatchListLate: [own('Maximum', 'SecondsSinceComplete', 'WatchList'), gauge(45 * 60)],
  EverythingStale: [own('Maximum', 'OldestSeriesAge', 'Everything'), gauge(26 * 3600)],
  EverythingLate: [own('Maximum', 'SecondsSinceComplete', 'Everything'), gauge(26 * 3600)],
  AuditMissing: [own('Maximum', 'SecondsSinceComplete', 'Audit'), gauge(8 * 86_400)],
  ExchangeThrottled: [own('Sum', 'ExchangeBusy'), event(10)],
  LambdaThrottled: ['SUM(METRICS())', ...ofEachFunction('Sum', 'Throttles'), '>= 10, 4 of 4, notBreaching'],
  FunctionSlow: ['MAX(METRICS())', ...ofEachFunction('Maximum', 'Duration'), event(0.8 * 900_000)],
  ChecksumFailed: [own('Sum', 'ChecksumFailures'), event(2)],
  TablesRefused: [own('Sum', 'TablesRefused'), event(1)],
  OverBudget: [own('Sum', 'RunsOverBudget'), event(1)],
  StartFailed: [...notSucceeded('RefreshStarter'), event(1)],
  AuditFailed: [...notSucceeded('Audits'), event(1)],
  DeadLetters: [`Maximum of AWS/SQS ApproximateNumberOfMessagesVisible ${QUEUE} in 900 s`, event(1)],
};

describe('the rules of the alarms', () => {
  let rules: Record<string, readonly string[]>;
  beforeAll(() => {
    rules = rulesOf(synthesisedResources());
  }, 120_000);

  test('are these, and there are no others', () => {
    expect(Object.keys(rules)).toEqual(Object.keys(RULES));
  });

  test.each(Object.entries(RULES))('%s rings for exactly its metrics and its condition', (name, rule) => {
    expect(rules[name]).toEqual(rule);
  });
});

test('a schedule that is off has no alarm, and each age is the one of its own setting', () => {
  const schedule = (enabled: boolean) => ({ expression: 'rate(1 day)', enabled, request: {} });
  const context = (watchList: boolean, everything: boolean, audit: boolean) => ({
    schedules: { watchList: schedule(watchList), everything: schedule(everything), audit: schedule(audit) },
    alarms: { staleAfterMinutes: { watchList: 11, everything: 22, audit: 33 } },
  });
  const found = (resources: Resources) =>
    Object.entries(rulesOf(resources))
      .filter(([name]) => /(Stale|Late|Missing)$/.test(name))
      .map(([name, rule]) => `${name} ${rule.at(-1)}`);
  expect(found(synthesisedResources(context(false, true, false)))).toEqual([
    `EverythingStale ${gauge(22 * 60)}`,
    `EverythingLate ${gauge(22 * 60)}`,
  ]);
  expect(found(synthesisedResources(context(true, false, true)))).toEqual([
    `WatchListStale ${gauge(11 * 60)}`,
    `WatchListLate ${gauge(11 * 60)}`,
    `AuditMissing ${gauge(33 * 60)}`,
  ]);
}, 120_000);
