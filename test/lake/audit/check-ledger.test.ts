import fc from 'fast-check';
import type { Series } from '../../../lib/domain/series.ts';
import { sha256 } from '../../../lib/domain/sha256.ts';
import type { TableSchema } from '../../../lib/domain/table-schema.ts';
import type { AuditContext } from '../../../lib/lake/audit/audit-context.ts';
import { checkLedger } from '../../../lib/lake/audit/check-ledger.ts';
import { createFindings } from '../../../lib/lake/audit/findings.ts';
import type { Manifest } from '../../../lib/lake/manifest/contract.ts';
import { memoryStore } from '../../../lib/lake/memory-store.ts';
import { encodeTable } from '../../../lib/parquet/encode-table.ts';
import { HOUR_MS } from '../../support/time.ts';

const SERIES: Series = { market: 'um', symbol: 'BTCUSDT', interval: '1h' };
const BEGIN = Date.UTC(2024, 0, 1);

/** A row of the ledger, in hours since the begin. */
interface Row {
  readonly from: number;
  readonly to: number;
  readonly intervals: number;
  readonly candles: number;
}

interface Shard {
  /** Hours accounted for, and those that are candles. */
  readonly account: readonly [from: number, to: number];
  readonly candles: readonly number[];
  readonly rows: readonly Row[];
}

const schema = (name: string, columns: readonly string[]): TableSchema => ({
  name,
  columns: columns.map((column) => ({
    name: column,
    type: column.endsWith('_time') ? 'timestamp' : 'int32',
    nullable: false,
  })),
});

/** The findings of the check in these shards. */
async function findingsOf(...shards: readonly Shard[]): Promise<string[]> {
  const store = memoryStore();
  const standing = [];
  for (const [index, { account, candles, rows }] of shards.entries()) {
    const time = (hours: readonly number[]) => Float64Array.from(hours, (hour) => BEGIN + hour * HOUR_MS);
    const put = async (table: string, columns: Record<string, Float64Array>) => {
      const length = Object.values(columns)[0]!.length;
      const key = `${table}/${index}.parquet`;
      const bytes = encodeTable(schema(table, Object.keys(columns)), length, new Map(Object.entries(columns)));
      await store.put(key, bytes);
      return { key, sha256: sha256(bytes), sizeBytes: bytes.length, rows: length };
    };
    const outputs = {
      candles: await put('candles', { open_time: time(candles) }),
      gaps: await put('gaps', {
        from_time: time(rows.map(({ from }) => from)),
        to_time: time(rows.map(({ to }) => to)),
        intervals: Float64Array.from(rows, ({ intervals }) => intervals),
        candles: Float64Array.from(rows, (row) => row.candles),
      }),
    };
    const ledger = { fromMs: BEGIN + account[0] * HOUR_MS, toMs: BEGIN + account[1] * HOUR_MS };
    standing.push({ period: String(index), manifest: { outputs, ledger } as unknown as Manifest });
  }
  const findings = createFindings('um/BTCUSDT/1h');
  const damaged = await checkLedger(SERIES, standing, findings, { store } as unknown as AuditContext);
  expect(damaged.length > 0).toBe(findings.kept.length > 0);
  expect(findings.kept.every(({ check, severity }) => check === 'ledger' && severity === 'wrong')).toBe(true);
  return findings.kept.map(({ place, what, expected, found }) => `${place} ${what}: ${expected}, ${found}`);
}

/** Ten hours; 3 and 4 are missing, 7 was healed, 8 and 9 are nobody's. */
const SOUND: Shard = {
  account: [0, 10],
  candles: [0, 1, 2, 5, 6, 7],
  rows: [
    { from: 3, to: 5, intervals: 2, candles: 0 },
    { from: 7, to: 8, intervals: 1, candles: 1 },
    { from: 8, to: 10, intervals: 2, candles: 0 },
  ],
};

test('a ledger whose counts add up', async () => {
  const next: Shard = { account: [10, 12], candles: [10, 11], rows: [] };
  expect(await findingsOf(SOUND, next)).toEqual([]);
});

test.each<[string, Partial<Shard>, string[]]>([
  [
    'a candle too few',
    { candles: [0, 2, 5, 6, 7] },
    ['2024-01-01T01:00:00Z intervals that are neither candles nor in the ledger: 0, 1'],
  ],
  [
    'a row too few',
    { rows: SOUND.rows.slice(1) },
    ['2024-01-01T03:00:00Z intervals that are neither candles nor in the ledger: 0, 2'],
  ],
  [
    'a row that says it holds a candle',
    { rows: [{ ...SOUND.rows[0]!, candles: 1 }, ...SOUND.rows.slice(1)] },
    ['2024-01-01T03:00:00Z candles within the row: 0, 1'],
  ],
  [
    'a row that counts otherwise',
    { rows: [{ ...SOUND.rows[0]!, intervals: 3 }, ...SOUND.rows.slice(1)] },
    ['2024-01-01T03:00:00Z intervals of the row: 2, 3'],
  ],
  [
    'rows that overlap',
    { rows: [SOUND.rows[0]!, SOUND.rows[0]!, ...SOUND.rows.slice(1)] },
    ['2024-01-01T03:00:00Z row that overlaps what is before it: 2024-01-01T05:00:00Z, 2024-01-01T03:00:00Z'],
  ],
  [
    'an account that ends before its ledger',
    { account: [0, 9] },
    ['0 end of the account: 2024-01-01T09:00:00Z, 2024-01-01T10:00:00Z'],
  ],
])('%s', async (_, change, found) => {
  expect(await findingsOf({ ...SOUND, ...change })).toEqual(found);
});

test('an account that does not begin where the one before ended', async () => {
  expect(await findingsOf(SOUND, { account: [11, 12], candles: [11], rows: [] })).toEqual([
    '1 begin of the account: 2024-01-01T10:00:00Z, 2024-01-01T11:00:00Z',
  ]);
});

test('every interval missing from a ledger is found, and nothing in a whole ledger', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 30 }), fc.nat(), async (isCandle, pick) => {
      const hours = isCandle.map((_, hour) => hour);
      const candles = hours.filter((hour) => isCandle[hour]);
      const rows = hours
        .filter((hour) => !isCandle[hour])
        .map((hour) => ({ from: hour, to: hour + 1, intervals: 1, candles: 0 }));
      const account: Shard['account'] = [0, hours.length];
      expect(await findingsOf({ account, candles, rows })).toEqual([]);
      const lost = pick % hours.length;
      const without = {
        account,
        candles: candles.filter((hour) => hour !== lost),
        rows: rows.filter(({ from }) => from !== lost),
      };
      expect(await findingsOf(without)).toHaveLength(1);
    }),
    { numRuns: 40 },
  );
});
