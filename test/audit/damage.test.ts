import fc from 'fast-check';
import type { Finding } from '../../lib/audit/contract.ts';
import { manifestKey, receiptKey } from '../../lib/domain/keys.ts';
import type { Series } from '../../lib/domain/series.ts';
import { type Exchange, startExchange } from '../exchange/exchange.ts';
import type { MemoryStore } from '../chaos/memory-store.ts';
import { auditedLake, contentsOf, copyOf, flip, keyWith, rewrite } from './audited-lake.ts';

const NOW = Date.parse('2024-02-03T10:07:00Z');
const SERIES: Series = { market: 'um', symbol: 'BTCUSDT', interval: '1h' };
const CHUNKS = [
  ['archive_monthly', '2023-12'],
  ['archive_monthly', '2024-01'],
  ['archive_daily', '2024-02-01'],
  ['archive_daily', '2024-02-02'],
  ['rest', '20240203T000000Z-20240203T100000Z'],
] as const;

let exchange: Exchange;
let clean: MemoryStore;

beforeAll(async () => {
  exchange = await startExchange({ nowMs: NOW });
  const lake = auditedLake(exchange);
  await lake.run(SERIES, CHUNKS);
  clean = lake.store;
});
afterAll(() => exchange.close());

/** A lake with this done to it. */
async function damaged(damage: (store: MemoryStore) => Promise<void> | void) {
  const store = await copyOf(clean);
  await damage(store);
  return auditedLake(exchange, store);
}

const wrong = (findings: readonly Finding[]) => findings.filter(({ severity }) => severity === 'wrong');

test('a clean lake: nothing is found, in it or against the exchange, and no byte changes', async () => {
  const lake = await damaged(() => {});
  const before = contentsOf(lake.store);
  const report = await lake.audit({ sample: 'all' });
  expect(report).toMatchObject({ clean: true, findings: [], notices: [], unaudited: [], series: 1 });
  // 2 manifests, 2 × 3 tables, 2 checkpoints; 5 landed objects with their receipts.
  expect(report.objects).toBe(2 + 6 + 2 + 10);
  // 61 days less nothing: each daily file but the two that landed, REST of each day but the last, which landed.
  expect(report.samples).toBe(62 + 64);
  expect(contentsOf(lake.store)).toEqual(before);
  expect(report.summary).toBe('20 objects checked, 0 findings: 0 wrong, 0 differ, 0 to note');
});

describe('a flipped bit is found, wherever it is, in', () => {
  const OBJECTS: [string, string[]][] = [
    ['candles', ['candles/', 'period=2023']],
    ['features', ['features/', 'period=2024']],
    ['labels', ['labels/', 'period=2024']],
    ['a checkpoint', ['checkpoints/', 'period=2023']],
    ['a landed zip', ['landing/', '2024-01/', '.zip']],
    ['a landed REST answer', ['landing/', 'source=rest', 'Z/', '0.json']],
  ];
  test.each(OBJECTS.slice(0, 5))('%s', async (_, texts) => {
    const key = keyWith(clean, ...texts);
    await fc.assert(
      fc.asyncProperty(fc.nat(clean.objects.get(key)!.length - 1), async (at) => {
        const lake = await damaged((store) => rewrite(store, key, flip(at)));
        const report = await lake.audit({ offline: true });
        expect(report.clean).toBe(false);
        expect(wrong(report.findings).map(({ place }) => place)).toEqual([key]);
      }),
      { numRuns: 5 },
    );
  });
});
