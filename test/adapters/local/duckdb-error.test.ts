import { duckdbError } from '../../../lib/adapters/local/duckdb-error.ts';

describe('an error of DuckDB is the mistake of the SQL', () => {
  test.each([
    ['Parser Error: syntax error at or near "x"', 'syntax error at or near "x"'],
    ['Syntax Error: unterminated', 'unterminated'],
    ['Binder Error: Referenced column "clsoe" not found', 'Referenced column "clsoe" not found'],
    ['Catalog Error: Table with name candle does not exist', 'Table with name candle does not exist'],
    [`Conversion Error: Could not convert string 'abc'`, `Could not convert string 'abc'`],
    ['Permission Error: Cannot access file "/etc/passwd"', 'Cannot access file "/etc/passwd"'],
    ['Constraint Error: Duplicate key', 'Duplicate key'],
    ['Out of Range Error: Overflow in addition', 'Overflow in addition'],
    ['Mismatch Type Error: Type INTEGER does not match', 'Type INTEGER does not match'],
    ['Invalid Type Error: no such type', 'no such type'],
    ['Divide by Zero Error: 1 / 0', '1 / 0'],
    ['Not implemented Error: no such join', 'no such join'],
    ['Invalid Input Error: Could not parse string "x"', 'Could not parse string "x"'],
    ['Failed to extract statements: Parser Error: syntax error', 'syntax error'],
  ])('%s', (message, told) => {
    const cause = new Error(message);
    expect(duckdbError(cause)).toMatchObject({ name: 'BadInput', message: `sql cannot be answered: ${told}`, cause });
  });
});

describe('an error of DuckDB is a failure of the engine or of the lake', () => {
  test.each([
    'Out of Memory Error: could not allocate block',
    'IO Error: No space left on device',
    'INTERNAL Error: Attempted to access index 3',
    'Interrupt Error: Interrupted!',
    'Invalid Input Error: Failed to read file "candles/a.parquet": no magic bytes',
    'a Parser Error: in the middle of a message',
  ])('%s', (message) => {
    expect(duckdbError(new Error(message))).toMatchObject({ name: 'EngineFailed', message });
  });
});

describe('its message is one line', () => {
  const told = (message: string) => duckdbError(new Error(message)).message;

  test('without the copy of the SQL, without candidate functions, without control characters', () => {
    expect(told('Parser Error: near "x"\n\nLINE 1: SELECT x\n          ^')).toBe('sql cannot be answered: near "x"');
    expect(told('Binder Error: no sum(VARCHAR)\n\tCandidate functions:\n\tsum(INT)\n')).toBe(
      'sql cannot be answered: no sum(VARCHAR)',
    );
    expect(told('IO Error: a\r\n\tb\u0000c')).toBe('IO Error: a b c');
  });

  test('of at most 300 characters', () => {
    const long = told(`IO Error: ${'x'.repeat(400)}`);
    expect([long.length, long.at(-1)]).toEqual([300, '…']);
    expect(told('y'.repeat(300))).toBe('y'.repeat(300));
  });

  test('of an error that is no Error', () => {
    expect(duckdbError('broken')).toMatchObject({ name: 'EngineFailed', message: 'broken' });
    expect(duckdbError({ message: 'Binder Error: no' })).toMatchObject({ name: 'BadInput' });
  });
});
