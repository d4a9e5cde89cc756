import { STREAM_NAMES, STREAM_TABLE } from '../../lib/domain/stream-table.ts';
import { columns } from '../../lib/domain/table-schema.ts';

describe.each(STREAM_NAMES)('the row of %s', (name) => {
  const { key, compared, knownAtMs, of, rows, schema } = STREAM_TABLE[name];
  const typeOf = (column: string) => schema.columns.find((one) => one.name === column)?.type;

  test('names its table, whose partitions are those of the streams', () => {
    expect(schema.name).toBe(name);
    const folders = { market: ['market'], symbol: ['market', 'symbol'], series: ['market', 'symbol', 'interval'] }[of];
    expect(schema.partitions ?? ['market', 'symbol', 'interval', 'period']).toEqual([...folders, 'period']);
  });

  test('has a time for a key, and values in the columns of the key', () => {
    expect(typeOf(key[0])).toBe('timestamp');
    const required = schema.columns.filter(({ nullable }) => !nullable).map((one) => one.name);
    expect(required).toEqual(expect.arrayContaining([...key, 'known_at']));
  });

  test('compares columns of numbers, because a conflict is listed with two numbers', () => {
    for (const column of compared) expect(typeOf(column)).toMatch(/^(timestamp|float64|int32)$/);
    for (const column of compared) expect(key).not.toContain(column);
  });

  test('says when a row is known from other columns of the row, never before its time', () => {
    const at = Date.parse('2024-02-01');
    const times = schema.columns.filter(({ type }) => type === 'timestamp').map((one) => [one.name, at]);
    const row = Object.fromEntries(times.filter(([column]) => column !== 'known_at'));
    expect(knownAtMs(row, of === 'series' ? '1h' : undefined)).toBeGreaterThanOrEqual(at);
    expect(knownAtMs({}, of === 'series' ? '1h' : undefined)).toBeNaN();
  });

  test('has gap_before if, and only if, its rows are on a grid', () => {
    const found = schema.columns.filter((one) => one.name === 'gap_before');
    expect(found).toEqual(rows === 'grid' ? columns('int32', 'gap_before') : []);
    if (rows === 'snapshots') expect(of).toBe('market');
  });
});
