import { spawnSync } from 'node:child_process';
import { ROOT } from '../../support/lake-process.ts';

type Line = Record<string, unknown> & { readonly _aws?: unknown; readonly error?: Record<string, unknown> };

/** Lines that a handler writes when it is invoked once as Lambda does it, in a process of its own. */
function invoke(stage: string, work: string, event: unknown): Line[] {
  const program = `
    import { withTelemetry } from './lib/adapters/aws/telemetry.ts';
    import { CorruptObject, ExchangeBusy } from './lib/domain/errors.ts';
    const handler = withTelemetry(${JSON.stringify(stage)}, async (event, telemetry) => { ${work} });
    const context = { getRemainingTimeInMillis: () => 1000, awsRequestId: 'request-1' };
    await handler(${JSON.stringify(event)}, context).catch((e) => console.log(JSON.stringify({ thrown: e.name })));`;
  const env = {
    PATH: process.env['PATH'],
    POWERTOOLS_SERVICE_NAME: 'candlelake-dev',
    POWERTOOLS_METRICS_NAMESPACE: 'Candlelake',
  };
  const run = spawnSync('node', ['--import', 'tsx', '--input-type=module', '-e', program], {
    cwd: ROOT,
    env,
    encoding: 'utf8',
  });
  return `${run.stdout}${run.stderr}`
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
}

const SERIES = { market: 'um', symbol: 'BTCUSDT', interval: '15m' };

test('every line says stage, run and series; metrics have one dimension', () => {
  const lines = invoke(
    'refine',
    `telemetry.info('refined', { shards: 2 }); telemetry.warn('look');
     telemetry.count('ShardsRecomputed', 2); return 1;`,
    { runId: 'r1', series: SERIES },
  );
  const logs = lines.filter((line) => line._aws === undefined);
  expect(logs).toHaveLength(2);
  for (const line of logs) {
    expect(line).toMatchObject({
      service: 'candlelake-dev',
      stage: 'refine',
      runId: 'r1',
      series: 'um/BTCUSDT/15m',
      requestId: 'request-1',
    });
  }
  expect(logs[0]).toMatchObject({ message: 'refined', shards: 2, level: 'INFO' });
  expect(lines.filter((line) => line._aws !== undefined)).toMatchObject([
    {
      ShardsRecomputed: 2,
      service: 'candlelake-dev',
      _aws: { CloudWatchMetrics: [{ Namespace: 'Candlelake', Dimensions: [['service']] }] },
    },
  ]);
});

test('what a handler says the work is about is on every line from there on, the error among them', () => {
  const lines = invoke(
    'fetch',
    `telemetry.about({ chunks: 'a, b' }); telemetry.info('asked for'); throw new CorruptObject('x');`,
    { runId: 'r1', batch: 'daily-00001' },
  );
  expect(lines.filter((line) => line['level'])).toMatchObject([
    { message: 'asked for', chunks: 'a, b', batch: 'daily-00001' },
    { message: 'stage failed', chunks: 'a, b', batch: 'daily-00001' },
  ]);
});

test('a metric of a series has the series beside the lake, and leaves the others as they are', () => {
  const lines = invoke(
    'catalogue',
    `telemetry.countBy('NewestCandleAge', { series: 'um/BTCUSDT/15m' }, 65); telemetry.count('Conflicts', 1);`,
    { runId: 'r1' },
  );
  const metrics = lines.filter((line) => line._aws !== undefined);
  expect(metrics).toMatchObject([
    {
      NewestCandleAge: 65,
      series: 'um/BTCUSDT/15m',
      service: 'candlelake-dev',
      _aws: {
        CloudWatchMetrics: [
          {
            Dimensions: [['service', 'series']],
            Metrics: [{ Name: 'NewestCandleAge', Unit: 'Seconds' }],
          },
        ],
      },
    },
    { Conflicts: 1, _aws: { CloudWatchMetrics: [{ Dimensions: [['service']] }] } },
  ]);
  expect(metrics[1]).not.toHaveProperty('series');
});

test('an exchange that is busy is counted as that, and the error thrown on', () => {
  const lines = invoke('fetch', `throw new ExchangeBusy('HTTP 429');`, { runId: 'r1', batch: 'rest-00001' });
  expect(lines).toContainEqual({ thrown: 'ExchangeBusy' });
  const metrics = lines.find((line) => line._aws);
  expect(metrics).toMatchObject({ ExchangeBusy: 1 });
  expect(metrics).not.toHaveProperty('ChecksumFailures');
});

test('an error is logged by name, counted and thrown on', () => {
  const lines = invoke('fetch', `throw new CorruptObject('checksum must be a, got b');`, {
    runId: 'r1',
    batch: 'monthly-00001',
  });
  expect(lines).toContainEqual({ thrown: 'CorruptObject' });
  expect(lines.find((line) => line.error)).toMatchObject({
    level: 'ERROR',
    runId: 'r1',
    batch: 'monthly-00001',
    error: { name: 'CorruptObject', message: 'checksum must be a, got b' },
  });
  expect(lines.find((line) => line._aws)).toMatchObject({ ChecksumFailures: 1 });
});

test('the event itself is not logged, because its content is unknown', () => {
  const lines = invoke('plan', `telemetry.info('planned');`, {
    runId: 'r1',
    apiKey: 'planted-key',
    request: { x: 'planted-key' },
  });
  expect(lines).toHaveLength(1);
  expect(JSON.stringify(lines)).not.toContain('planted-key');
});

test('an event of any form is survived', () => {
  for (const event of [null, 7, { series: 'x' }]) {
    expect(invoke('plan', `telemetry.info('seen');`, event)).toMatchObject([{ message: 'seen', stage: 'plan' }]);
  }
});
