import { parseAthenaValue } from '../../../lib/adapters/aws/athena-value.ts';
import { execution, page, START, startAthena } from './athena-stand-in.ts';

let athena: Awaited<ReturnType<typeof startAthena>>;
afterEach(() => athena?.stop());

test('starts, waits, reads every page, and says what was scanned', async () => {
  const columns: [string, string][] = [
    ['open_time', 'timestamp'],
    ['close', 'double'],
    ['n', 'bigint'],
  ];
  athena = await startAthena({
    StartQueryExecution: START,
    GetQueryExecution: (_, call) =>
      call < 3
        ? execution(call === 1 ? 'QUEUED' : 'RUNNING')
        : execution('SUCCEEDED', { Statistics: { DataScannedInBytes: 10_485_760 } }),
    GetQueryResults: ({ NextToken }) =>
      NextToken === 'page 2'
        ? page(columns, [['2024-02-01 00:15:00.000', undefined, '9007199254740993']])
        : page(
            columns,
            [
              ['open_time', 'close', 'n'],
              ['2024-02-01 00:00:00.000', '42283.58', '7'],
            ],
            'page 2',
          ),
  });
  expect(await athena.engine().query('SELECT open_time, close, n FROM candles')).toEqual({
    columns: [
      { name: 'open_time', type: 'timestamp' },
      { name: 'close', type: 'double' },
      { name: 'n', type: 'bigint' },
    ],
    rows: [
      ['2024-02-01T00:00:00Z', 42283.58, 7],
      ['2024-02-01T00:15:00Z', null, '9007199254740993'],
    ],
    scannedBytes: 10_485_760,
  });
  expect(athena.inputsOf('StartQueryExecution')[0]).toMatchObject({
    QueryString: 'SELECT open_time, close, n FROM candles',
    QueryExecutionContext: { Database: 'candlelake' },
    WorkGroup: 'lake',
  });
  expect(athena.inputsOf('StartQueryExecution')[0]).not.toHaveProperty('ResultReuseConfiguration');
  expect(athena.sleeps).toHaveLength(2);
});

test('statements other than SELECT have no header row to drop', async () => {
  athena = await startAthena({
    StartQueryExecution: START,
    GetQueryExecution: () => execution('SUCCEEDED', { StatementType: 'UTILITY' }),
    GetQueryResults: () => page([['tab_name', 'string']], [['candles'], ['features']]),
  });
  expect((await athena.engine().query('SHOW TABLES')).rows).toEqual([['candles'], ['features']]);
});

test('an earlier result is reused if the caller asks for it', async () => {
  athena = await startAthena({
    StartQueryExecution: START,
    GetQueryExecution: () => execution('SUCCEEDED'),
    GetQueryResults: () => page([['x', 'integer']], [['x'], ['1']]),
  });
  await athena.engine({ reuseMinutes: 60 }).query('SELECT 1 AS x');
  expect(athena.inputsOf('StartQueryExecution')[0]).toMatchObject({
    ResultReuseConfiguration: { ResultReuseByAgeConfiguration: { Enabled: true, MaxAgeInMinutes: 60 } },
  });
});

test('a result that was reused says so', async () => {
  const Statistics = { DataScannedInBytes: 0, ResultReuseInformation: { ReusedPreviousResult: true } };
  athena = await startAthena({
    StartQueryExecution: START,
    GetQueryExecution: () => execution('SUCCEEDED', { Statistics }),
    GetQueryResults: () => page([['x', 'integer']], [['x'], ['1']]),
  });
  expect(await athena.engine({ reuseMinutes: 60 }).query('SELECT 1 AS x')).toMatchObject({
    rows: [[1]],
    scannedBytes: 0,
    reused: true,
  });
});

test("a mistake in SQL is bad input, in Athena's own words", async () => {
  athena = await startAthena({
    StartQueryExecution: START,
    GetQueryExecution: () =>
      execution('FAILED', {}, { StateChangeReason: "COLUMN_NOT_FOUND: line 1:8: Column 'clsoe' cannot be resolved" }),
  });
  await expect(athena.engine().query('SELECT clsoe FROM candles')).rejects.toMatchObject({
    name: 'BadInput',
    message: "sql cannot be answered: COLUMN_NOT_FOUND: line 1:8: Column 'clsoe' cannot be resolved",
  });
});

test.each([
  'INVALID_CAST_ARGUMENT: Cannot cast value to integer: abc',
  'DIVISION_BY_ZERO: Division by zero',
  'INVALID_FUNCTION_ARGUMENT: Invalid format',
  'MISSING_COLUMN_NAME: line 1:1: Column name not specified',
  'AMBIGUOUS_NAME: line 1:8: Column is ambiguous',
  'EXPRESSION_NOT_AGGREGATE: line 1:8: must be an aggregate expression',
  'line 1:8: mismatched input FRM',
])('%s is bad input', async (StateChangeReason) => {
  athena = await startAthena({
    StartQueryExecution: START,
    GetQueryExecution: () => execution('FAILED', {}, { StateChangeReason }),
  });
  await expect(athena.engine().query('SELECT 1')).rejects.toMatchObject({ name: 'BadInput' });
});

test.each([
  'PERMISSION_DENIED: Access Denied',
  'GENERIC_INTERNAL_ERROR: null',
  'EXCEEDED_LOCAL_MEMORY_LIMIT: Query exceeded per-node memory limit',
  'Query exhausted resources at this scale factor',
  'INVALID_VIEW: Failed analyzing stored view',
  'HIVE_CURSOR_ERROR: Failed to read Parquet file',
])('%s is a failure', async (StateChangeReason) => {
  athena = await startAthena({
    StartQueryExecution: START,
    GetQueryExecution: () => execution('FAILED', {}, { StateChangeReason }),
  });
  await expect(athena.engine().query('SELECT 1')).rejects.toMatchObject({ name: 'EngineFailed' });
});

test("a query that fails gives Athena's own reason", async () => {
  const StateChangeReason = 'HIVE_BAD_DATA: Malformed Parquet file';
  athena = await startAthena({
    StartQueryExecution: START,
    GetQueryExecution: () => execution('FAILED', {}, { StateChangeReason }),
  });
  await expect(athena.engine().query('SELECT 1')).rejects.toMatchObject({
    name: 'EngineFailed',
    message: `athena query q-1 failed: ${StateChangeReason}`,
  });
});

test('a query that is cancelled is a failure as well', async () => {
  athena = await startAthena({ StartQueryExecution: START, GetQueryExecution: () => execution('CANCELLED') });
  await expect(athena.engine().query('SELECT 1')).rejects.toMatchObject({
    name: 'EngineFailed',
    message: 'athena query q-1 cancelled: no reason given',
  });
});

test('a query that Athena does not start gives the reason', async () => {
  athena = await startAthena({
    StartQueryExecution: () => ({ __type: 'InvalidRequestException', Message: 'line 1:1: mismatched input' }),
  });
  await expect(athena.engine().query('SELECT FROM')).rejects.toMatchObject({
    name: 'BadInput',
    message: expect.stringContaining('mismatched input'),
  });
});

test('a query that does not end is stopped', async () => {
  athena = await startAthena({ StartQueryExecution: START, GetQueryExecution: () => execution('RUNNING') });
  await expect(athena.engine({ timeoutSec: 5 }).query('SELECT 1')).rejects.toMatchObject({
    name: 'EngineFailed',
    message: 'athena query q-1 was stopped, not finished after 5 s',
  });
  expect(athena.inputsOf('StopQueryExecution')).toEqual([{ QueryExecutionId: 'q-1' }]);
  expect(athena.sleeps.reduce((total, ms) => total + ms, 0)).toBeLessThan(8_000);
});

test('what does not only read never reaches Athena', async () => {
  athena = await startAthena({});
  await expect(athena.engine().query('DROP TABLE candles')).rejects.toMatchObject({ name: 'BadInput' });
  expect(athena.calls).toEqual([]);
});

test.each<[string, string | undefined, unknown]>([
  ['boolean', 'true', true],
  ['boolean', 'false', false],
  ['integer', '-7', -7],
  ['bigint', '9007199254740991', 9007199254740991],
  ['bigint', '9007199254740993', '9007199254740993'],
  ['double', '1.0E-5', 0.00001],
  ['double', 'NaN', 'NaN'],
  ['real', 'Infinity', 'Infinity'],
  ['decimal(9,2)', '1.50', 1.5],
  ['decimal(38,2)', '1234567890123456.78', '1234567890123456.78'],
  ['timestamp', '2024-02-01 12:00:00.000', '2024-02-01T12:00:00Z'],
  ['timestamp', '2024-02-01 12:00:00.5', '2024-02-01T12:00:00.500Z'],
  ['timestamp with time zone', '2024-02-01 12:00:00.123 UTC', '2024-02-01T12:00:00.123Z'],
  ['timestamp with time zone', '2024-02-01 12:00:00.123 Europe/Lisbon', '2024-02-01 12:00:00.123 Europe/Lisbon'],
  ['date', '2024-02-01', '2024-02-01'],
  ['varchar', '', ''],
  ['varchar', undefined, null],
  ['array', '[1, 2]', '[1, 2]'],
])('a %s of %j', (type, text, expected) => {
  expect(parseAthenaValue(type, text)).toEqual(expected);
});
