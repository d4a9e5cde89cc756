import { formatScan } from '../../lib/cli/commands/format-scan.ts';
import { runLakeProgram } from '../../lib/cli/lake-program.ts';
import { type Answer, execution, type Json, page, START, startAthena } from '../adapters/aws/athena-stand-in.ts';
import { fakeTerminal } from '../support/terminal.ts';

const SET = ['AWS_ENDPOINT_URL_ATHENA', 'AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'] as const;
const before = SET.map((name) => process.env[name]);
let athena: Awaited<ReturnType<typeof startAthena>>;
afterEach(() => {
  athena?.stop();
  SET.forEach((name, i) => {
    if (before[i] === undefined) delete process.env[name];
    else process.env[name] = before[i];
  });
});

/** `lake query` of a lake on S3, with an Athena that answers two rows after so many polls. */
async function ask(args: readonly string[], Statistics: Json, polls = 2, variables: Record<string, string> = {}) {
  const answer: Answer = (_, call) => (call < polls ? execution('RUNNING') : execution('SUCCEEDED', { Statistics }));
  athena = await startAthena({
    StartQueryExecution: START,
    GetQueryExecution: answer,
    GetQueryResults: () => page([['n', 'bigint']], [['n'], ['1'], ['2']]),
  });
  process.env['AWS_ENDPOINT_URL_ATHENA'] = athena.url;
  process.env['AWS_REGION'] = 'eu-west-1';
  process.env['AWS_ACCESS_KEY_ID'] = 'test';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'test';
  const terminal = fakeTerminal(variables);
  const code = await runLakeProgram(['query', 'SELECT n FROM t', '--lake', 's3://lake-bucket', ...args], terminal);
  return { code, ...terminal.written };
}

test('a lake on S3 is asked through Athena; the rows go to the output, the cost to the error output', async () => {
  const { code, out, err } = await ask(['--format', 'csv'], { DataScannedInBytes: 3_200_000_000 });
  expect({ code, out }).toEqual({ code: 0, out: 'n\r\n1\r\n2\r\n' });
  expect(err).toBe('scanned 3.2 GB, about $0.02 at $5 a TB, 10 MB at least\n');
  expect(athena.inputsOf('StartQueryExecution')).toMatchObject([
    {
      QueryString: 'SELECT n FROM t',
      WorkGroup: 'candlelake',
      QueryExecutionContext: { Database: 'candlelake' },
      ResultReuseConfiguration: { ResultReuseByAgeConfiguration: { Enabled: true, MaxAgeInMinutes: 10 } },
    },
  ]);
  expect(athena.inputsOf('GetQueryExecution')).toHaveLength(2);
});

test('a lake deployed under another name is asked in its own workgroup and database', async () => {
  await ask([], {}, 1, { CANDLELAKE_NAME: 'quotes-dev' });
  expect(athena.inputsOf('StartQueryExecution')).toMatchObject([
    { WorkGroup: 'quotes-dev', QueryExecutionContext: { Database: 'quotes_dev' } },
  ]);
});

test('--json leaves the output to the rows alone', async () => {
  const { out, err } = await ask(['--json'], { DataScannedInBytes: 12_345 });
  expect(JSON.parse(out)).toEqual([{ n: 1 }, { n: 2 }]);
  expect(err).toMatch(/^scanned 12\.3 kB, about \$0\.000050 /);
});

test('--reuse 0 asks for a fresh answer, and a reused one costs nothing', async () => {
  await ask(['--reuse', '0'], { DataScannedInBytes: 1 });
  expect(athena.inputsOf('StartQueryExecution')[0]).not.toHaveProperty('ResultReuseConfiguration');
  athena.stop();
  const Statistics = { DataScannedInBytes: 0, ResultReuseInformation: { ReusedPreviousResult: true } };
  const { err } = await ask(['--reuse', '60'], Statistics, 1);
  expect(err).toBe('scanned nothing, $0: an earlier result, used again\n');
  expect(athena.inputsOf('StartQueryExecution')[0]).toMatchObject({
    ResultReuseConfiguration: { ResultReuseByAgeConfiguration: { MaxAgeInMinutes: 60 } },
  });
});

test.each(['-1', '1.5', '10081', 'soon', ''])('--reuse %j is bad usage', async (value) => {
  const terminal = fakeTerminal({});
  expect(await runLakeProgram(['query', 'SELECT 1', '--reuse', value], terminal)).toBe(2);
  expect(terminal.written.err).toContain('It must be a whole number from 0 to 10080.');
});

test('an engine that does not report its cost has no line about it', () => {
  expect(formatScan({})).toBe('');
  expect(formatScan({ scannedBytes: 2e12 })).toContain('2.0 TB, about $10.00');
});
