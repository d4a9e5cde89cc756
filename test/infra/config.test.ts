import { deploymentName, readConfig } from '../../lib/infra/config.ts';

const read = (context: Record<string, unknown>) => readConfig((key) => context[key]);

describe('readConfig', () => {
  test('has a default for everything', () => {
    expect(read({})).toMatchObject({
      lakeName: 'candlelake',
      watchList: { market: 'um', interval: '15m' },
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
    [{ stage: 'Dev!' }, /^context stage: .*got "Dev!"$/],
    [{ vpc: '{"vpcId":"vpc-0a1","subnetIds":[]}' }, /^context vpc\.subnetIds: /],
    [{ vpc: '{"vpcId":"main","subnetIds":["subnet-0a1"]}' }, /^context vpc\.vpcId: /],
    [{ region: 'Frankfurt' }, /^context region: /],
    [{ budgetUsd: '-1' }, /^context budgetUsd: .*got -1$/],
    [{ alarms: '{"email":"nobody"}' }, /^context alarms\.email: /],
    [{ alarms: '{"staleAfterHours":3}' }, /^context alarms: .*staleAfterHours/],
    [{ alarms: '{"staleAfterMinutes":{"watchList":0}}' }, /^context alarms\.staleAfterMinutes\.watchList: /],
    [
      {
        schedules:
          '{"watchList":{"expression":"daily","enabled":true},"everything":{"expression":"rate(1 day)","enabled":true}}',
      },
      /^context schedules\.watchList\.expression: /,
    ],
  ])('refuses %j', (context, message) => {
    expect(() => read(context)).toThrow(message);
    expect(() => read(context)).toThrow(expect.objectContaining({ name: 'BadInput' }));
  });
});

test('a stage gives everything another name', () => {
  expect(deploymentName(read({}))).toBe('candlelake');
  expect(deploymentName(read({ stage: 'dev' }))).toBe('candlelake-dev');
});
