import { readFileSync } from 'node:fs';
import { DEFAULT_WATCH_LIST } from '../../lib/domain/watch-list.ts';
import { CONFIG_KEYS, deploymentName, LOG_RETENTION_DAYS, readConfig, runDefaults } from '../../lib/infra/config.ts';

const CDK_LIBRARY = new URL('../../node_modules/aws-cdk-lib/', import.meta.url);

const OPERATIONS = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');

const read = (context: Record<string, unknown>) => readConfig((key) => context[key]);

const SIMULATED = '{"expression":"rate(1 day)","enabled":true,"request":{"market":"sim"}}';

describe('readConfig', () => {
  test('has a default for everything', () => {
    expect(read({})).toMatchObject({
      lakeName: 'candlelake',
      watchList: { market: 'um', interval: '15m' },
      archiveOnly: false,
      concurrency: { rest: 1 },
      schedules: { watchList: { enabled: true, request: {} }, everything: { request: { symbols: ['all'] } } },
      budgetUsd: 25,
      alarms: { staleAfterMinutes: { watchList: 45, everything: 1_560, audit: 11_520 } },
    });
  });

  test('takes JSON and plain text from the command line', () => {
    const config = read({
      lakeName: 'dev',
      concurrency: '{"archive":5,"rest":2,"refine":3}',
      athenaScanLimitBytes: '20000000',
    });
    expect(config).toMatchObject({
      lakeName: 'dev',
      concurrency: { archive: 5, rest: 2, refine: 3 },
      athenaScanLimitBytes: 20_000_000,
    });
  });

  test.each([
    [{ lakeName: 'Not A Name' }, /^context lakeName: .*got "Not A Name"$/],
    [{ athenaScanLimitBytes: '5' }, /^context athenaScanLimitBytes: .*10000000.*got 5$/],
    [{ concurrency: '{"archive":0,"rest":1,"refine":1}' }, /^context concurrency\.archive: /],
    [
      { watchList: '{"market":"xx","symbols":["BTCUSDT"],"interval":"1m","period":"1y"}' },
      /^context watchList\.market: /,
    ],
    [{ bucketName: 'My_Bucket' }, /^context bucketName: .*got "My_Bucket"$/],
    [{ tags: '{"aws:owner":"me"}' }, /^context tags\.aws:owner: .*got \{"aws:owner":"me"\}$/],
    [{ tags: '{"owner":7}' }, /^context tags\.owner: .*expected string/],
    [{ terminationProtection: 'yes' }, /^context terminationProtection: .*expected boolean.*got "yes"$/],
    [{ stage: 'Dev!' }, /^context stage: .*got "Dev!"$/],
    [{ vpc: '{"vpcId":"vpc-0a1b2c3d","subnetIds":[]}' }, /^context vpc\.subnetIds: /],
    [{ vpc: '{"vpcId":"main","subnetIds":["subnet-0a1b2c3d"]}' }, /^context vpc\.vpcId: /],
    [{ vpc: '{"vpcId":"vpc-0a1b2c3d","subnetIds":["subnet-0a1b"]}' }, /^context vpc\.subnetIds\.0: /],
    [{ region: 'Frankfurt' }, /^context region: /],
    [{ budgetUsd: '-1' }, /^context budgetUsd: .*got -1$/],
    [{ alarms: '{"email":"nobody"}' }, /^context alarms\.email: /],
    [{ alarms: '{"staleAfterHours":3}' }, /^context alarms: .*staleAfterHours/],
    [{ alarms: '{"staleAfterMinutes":{"watchList":0}}' }, /^context alarms\.staleAfterMinutes\.watchList: /],
    [
      { alarms: '{"staleAfterMinutes":{"audit":43200}}' },
      /^context alarms\.staleAfterMinutes\.audit: must be less than retentionDays\.runs, 30 days = 43200 min.* 43200$/,
    ],
    [
      {
        retentionDays: '{"logs":30,"queryResults":14,"replacedVersions":30,"runs":15}',
        alarms: '{"staleAfterMinutes":{"everything":30000}}',
      },
      /^context alarms\.staleAfterMinutes\.everything: must be less than retentionDays\.runs, 15 days .*got 30000$/,
    ],
    [
      { watchList: '{"market":"sim","symbols":["BTCUSDT"],"interval":"1m","period":"1y"}' },
      /^context watchList\.market: must be one of um, cm, spot, because simulated candles .*got "sim"$/,
    ],
    [
      { schedules: `{"watchList":${SIMULATED},"everything":${SIMULATED}}` },
      /^context schedules\.watchList\.request\.market: must be one of um, cm, spot, because simulated .*got "sim"$/,
    ],
    [
      {
        schedules: JSON.stringify({
          watchList: { expression: 'daily', enabled: true },
          everything: { expression: 'rate(1 day)', enabled: true },
        }),
      },
      /^context schedules\.watchList\.expression: /,
    ],
  ])('refuses %j', (context, message) => {
    expect(() => read(context)).toThrow(message);
    expect(() => read(context)).toThrow(expect.objectContaining({ name: 'BadInput' }));
  });
});

test('logs are kept for as many days as CloudWatch allows, and the message names them', () => {
  const days = (logs: number) =>
    read({ retentionDays: JSON.stringify({ logs, queryResults: 1, replacedVersions: 1 }) });
  for (const allowed of LOG_RETENTION_DAYS) expect(days(allowed).retentionDays.logs).toBe(allowed);
  let message = '';
  try {
    days(45);
  } catch (error) {
    ({ message } = error as Error);
  }
  expect(message).toMatch(/^context retentionDays\.logs: .*1\|3\|5\|7\|14\|30\|60\|.*\|3653, got \{"logs":45,.*\}$/);
  expect(message).not.toContain('\n');
});

test('the numbers of days are those of the CDK library, which has them of CloudWatch', () => {
  const source = readFileSync(new URL('aws-logs/lib/log-group.d.ts', CDK_LIBRARY), 'utf8');
  const values = /enum RetentionDays \{(.*?)\n\}/s.exec(source)![1]!.matchAll(/^ +\w+ = (\d+)/gm);
  // 9999 means for ever.
  expect([...values].map(([, value]) => Number(value)).filter((value) => value !== 9999)).toEqual(LOG_RETENTION_DAYS);
});

test('a stage gives everything another name', () => {
  expect(deploymentName(read({}))).toBe('candlelake');
  expect(deploymentName(read({ stage: 'dev' }))).toBe('candlelake-dev');
});

test('archiveOnly is a default of every run of the deployment, and is left out otherwise', () => {
  expect(runDefaults(read({}))).toEqual(DEFAULT_WATCH_LIST);
  expect(runDefaults(read({ archiveOnly: 'true' }))).toEqual({ ...DEFAULT_WATCH_LIST, archiveOnly: true });
  expect(() => read({ archiveOnly: 'yes' })).toThrow(/^context archiveOnly: .*got "yes"$/);
});

test('the canary of docs/operations.md has no schedule', () => {
  const schedules = /cdk deploy --context stage=canary --context 'schedules=(.*)'$/m.exec(OPERATIONS)![1]!;
  expect(Object.values(read({ schedules }).schedules).map(({ enabled }) => enabled)).toEqual([false, false, false]);
});

describe('the table of settings in docs/operations.md', () => {
  const table = /^\| setting \| default \|.*\n\|-.*\n((?:\|.*\n)+)/m.exec(OPERATIONS)![1]!;
  const rows = [...table.matchAll(/^\| `(.+?)` \| (.+?) \| .*\|$/gm)].map(
    ([, name, value]) => [name!, value!] as const,
  );

  test('lists every setting once, in the order of the schema', () => {
    expect(rows.map(([name]) => name)).toEqual(CONFIG_KEYS);
  });

  test.each(rows.filter(([, value]) => /^`[^`]+`$/.test(value)))('gives the default of %s: %s', (name, value) => {
    const given = read({ [name]: value.slice(1, -1) });
    expect(given).toEqual(read({}));
  });
});
