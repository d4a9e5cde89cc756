import fc from 'fast-check';
import type { QueryResult } from '../../lib/ports.ts';
import { formatResult } from '../../lib/query/format.ts';
import { numberFormat } from '../../lib/query/format-number.ts';

const CANDLES: QueryResult = {
  columns: [
    { name: 'open_time', type: 'TIMESTAMP WITH TIME ZONE' },
    { name: 'close', type: 'DOUBLE' },
    { name: 'trades', type: 'INTEGER' },
    { name: 'source', type: 'VARCHAR' },
  ],
  rows: [
    ['2024-02-01T12:00:00Z', 42283.58123456789, 1234567, 'archive_monthly'],
    ['2024-02-01T12:14:59.999Z', 0.000012345678912, 7, null],
    ['2024-02-01T12:15:07Z', 1234567890.123, '9007199254740993', 'rest'],
  ],
};

test('a table is readable: short numbers to the right, short times, a dash for null', () => {
  expect(formatResult(CANDLES, 'table', { width: 80 })).toBe(
    [
      'open_time                         close            trades  source',
      '2024-02-01 12:00              42283.581           1234567  archive_monthly',
      '2024-02-01 12:14:59.999  0.000012345679                 7  –',
      '2024-02-01 12:15:07          1234567890  9007199254740993  rest',
      '3 rows',
      '',
    ].join('\n'),
  );
});

test('numbers of a column have one number of decimals, floats six significant digits', () => {
  const columns = [
    { name: 'close', type: 'DOUBLE' },
    { name: 'return_1', type: 'FLOAT' },
    { name: 'rsi_14', type: 'FLOAT' },
  ];
  const rows = [
    [30971.4, -0.0021328968, 58.667084],
    [31037.75, 0.00081903249, 67.5],
    [30905, -0.000093826537, 0],
  ];
  expect(formatResult({ columns, rows }, 'table')).toBe(
    [
      '   close     return_1   rsi_14',
      '30971.40  -0.00213290  58.6671',
      '31037.75   0.00081903  67.5000',
      '30905.00  -0.00009383   0.0000',
      '3 rows',
      '',
    ].join('\n'),
  );
});

describe('numberFormat', () => {
  const FINITE = fc.double({ noNaN: true, noDefaultInfinity: true });

  test('each number is printed to within half a unit of its second significant digit', () => {
    fc.assert(
      fc.property(fc.array(FINITE, { minLength: 1 }), fc.constantFrom('DOUBLE', 'FLOAT'), (values, type) => {
        const print = numberFormat(values, type);
        for (const value of values) {
          expect(Math.abs(Number(print(value)) - value)).toBeLessThanOrEqual(Math.abs(value) * 0.051);
        }
      }),
    );
  });

  test('a number alone in its column keeps six or eight significant digits', () => {
    fc.assert(
      fc.property(FINITE, (value) => {
        expect(Math.abs(Number(numberFormat([value], 'DOUBLE')(value)) - value)).toBeLessThanOrEqual(
          Math.abs(value) * 5.1e-8,
        );
        expect(Math.abs(Number(numberFormat([value], 'FLOAT')(value)) - value)).toBeLessThanOrEqual(
          Math.abs(value) * 5.1e-6,
        );
      }),
    );
  });
});

describe('a table too wide', () => {
  const wide: QueryResult = {
    columns: Array.from({ length: 60 }, (_, i) => ({ name: `column_${i}`, type: 'DOUBLE' })),
    rows: [Array.from({ length: 60 }, (_, i) => i / 7)],
  };

  test.each([12, 20, 40, 79, 80, 120, 200, 1000])('fits %i columns of a screen, elided in the middle', (width) => {
    const lines = formatResult(wide, 'table', { width }).trimEnd().split('\n');
    for (const line of lines.slice(0, -1)) expect(line.length).toBeLessThanOrEqual(width);
    const shown = (lines[0]!.match(/column_\d+/g) ?? []).map((name) => Number(name.slice(7)));
    const elided = Number(/… (\d+) more column/.exec(lines.at(-1)!)?.[1] ?? 0);
    if (width >= 40) {
      expect(shown.length + elided).toBe(60);
      expect(shown[0]).toBe(0);
      expect(shown.at(-1)).toBe(59);
      if (elided > 0) expect(lines[0]).toMatch(/ … /);
    }
  });

  test('says how many columns it left out', () => {
    expect(formatResult(wide, 'table', { width: 80 })).toMatch(/\n1 row, … 5\d more columns\n$/);
  });

  test('without a width it is 80', () => {
    expect(formatResult(wide, 'table')).toBe(formatResult(wide, 'table', { width: 80 }));
  });
});

test('a long table shows its first and its last rows', () => {
  const rows = Array.from({ length: 35_040 }, (_, i) => [i]);
  const lines = formatResult({ columns: [{ name: 'i', type: 'BIGINT' }], rows }, 'table')
    .trimEnd()
    .split('\n');
  expect(lines.map((line) => line.trim())).toEqual([
    'i',
    ...Array.from({ length: 20 }, (_, i) => String(i)),
    '…',
    ...Array.from({ length: 20 }, (_, i) => String(35_020 + i)),
    '35,040 rows (first 20 and last 20 shown)',
  ]);
});

test('forty rows are shown in full', () => {
  const rows = Array.from({ length: 40 }, (_, i) => [i]);
  const text = formatResult({ columns: [{ name: 'i', type: 'BIGINT' }], rows }, 'table');
  expect(text).toMatch(/\n39\n40 rows\n$/);
  expect(text).not.toContain('…');
});

test('a table of no rows has its header', () => {
  expect(formatResult({ ...CANDLES, rows: [] }, 'table')).toBe('open_time  close  trades  source\n0 rows\n');
});

test('Chinese symbols take two places; text cannot move the cursor; long text is cut', () => {
  const text = formatResult(
    {
      columns: [
        { name: 'symbol', type: 'VARCHAR' },
        { name: 'x', type: 'VARCHAR' },
      ],
      rows: [
        ['币安人生USDT', `\u001b[31mred\n${'y'.repeat(50)}`],
        ['BTCUSDT', 'b'],
      ],
    },
    'table',
    { width: 60 },
  );
  expect(text).toBe(
    ['symbol        x', `币安人生USDT   [31mred ${'y'.repeat(30)}…`, 'BTCUSDT       b', '2 rows', ''].join('\n'),
  );
});

test('tables carry no escape sequences', () => {
  expect(formatResult(CANDLES, 'table', { width: 40 })).not.toContain('\u001b');
});

test('json holds every row in full precision', () => {
  const text = formatResult(CANDLES, 'json', { width: 10 });
  expect(JSON.parse(text)).toEqual([
    { open_time: '2024-02-01T12:00:00Z', close: 42283.58123456789, trades: 1234567, source: 'archive_monthly' },
    { open_time: '2024-02-01T12:14:59.999Z', close: 0.000012345678912, trades: 7, source: null },
    { open_time: '2024-02-01T12:15:07Z', close: 1234567890.123, trades: '9007199254740993', source: 'rest' },
  ]);
  expect(formatResult({ ...CANDLES, rows: [] }, 'json')).toBe('[]\n');
});

test('csv quotes what needs it and tells null from empty text', () => {
  const columns = ['a', 'b,c', 'd'].map((name) => ({ name, type: 'VARCHAR' }));
  const rows = [
    ['say "hi"', 'x\ny', null],
    ['', 1.5, { k: [1, 'z'] }],
    [' plain ', true, '9007199254740993'],
  ];
  expect(formatResult({ columns, rows }, 'csv')).toBe(
    'a,"b,c",d\r\n"say ""hi""","x\ny",\r\n"",1.5,"{""k"":[1,""z""]}"\r\n plain ,true,9007199254740993\r\n',
  );
});
