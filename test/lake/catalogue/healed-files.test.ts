import type { Chunk } from '../../../lib/domain/chunk.ts';
import { GAPS_SCHEMA } from '../../../lib/domain/table-schema.ts';
import { tableKey } from '../../../lib/lake/keys.ts';
import { gapColumns } from '../../../lib/lake/ledger/gap-row.ts';
import type { SeriesReport } from '../../../lib/lake/refine/contract.ts';
import { encodeTable } from '../../../lib/parquet/encode-table.ts';
import { BTC, CHUNKS, ETH, HOUR, JAN, MAR, NOW, newLake, planOf, reportOf, shardOf, WHOLE } from './finished-lake.ts';

describe('an archive file that the exchange did not give', () => {
  const FEBRUARY = CHUNKS[1]!;
  const failed = [{ source: FEBRUARY.source, range: FEBRUARY.range, error: 'CorruptObject', message: 'wrong sha256' }];
  const named = { stage: 'fetch', name: 'um/BTCUSDT/1h archive_monthly 2024-02', error: 'CorruptObject' } as const;

  /** All has landed but the file, and the series ends so many hours before the end of February, or goes on. */
  async function lakeWithoutFile(lacking: number, more: Partial<SeriesReport> = { failed }, chunk = FEBRUARY) {
    const lake = await newLake();
    await lake.put('runs/r1/plan.json', planOf({ chunks: CHUNKS.map((one) => (one === FEBRUARY ? chunk : one)) }));
    for (const one of CHUNKS) if (one !== FEBRUARY) await lake.land(one);
    const cut = shardOf(1440 - lacking, JAN, MAR - (lacking + 1) * HOUR, {
      accounted: { exchange_absent: { intervals: 5, candles: 0 }, fetch_failed: { intervals: lacking, candles: 0 } },
    });
    await lake.refined(BTC, [lacking > 0 ? cut : WHOLE], more);
    await lake.refined(ETH, [WHOLE]);
    return lake;
  }

  test('and others did: it is healed, and the run is still incomplete', async () => {
    const lake = await lakeWithoutFile(0);
    expect((await lake.run()).summary).toBe(
      'incomplete: 1 of 4 chunks failed: um/BTCUSDT/1h archive_monthly 2024-02 (CorruptObject: wrong sha256); ' +
        'healed by other sources: um/BTCUSDT/1h archive_monthly 2024-02',
    );
    expect(await reportOf(lake.store)).toMatchObject({
      ...{ complete: false, failures: [named], healed: [named], fetchedChunks: 3 },
    });
  });

  test('is named with its record in the lake, if its batch ended with another of its chunks', async () => {
    const lake = await lakeWithoutFile(0);
    const put = (message: string) =>
      lake.put('runs/r1/failures/fetch-0.json', {
        stage: 'fetch',
        item: { batch: '0', chunks: CHUNKS },
        error: { Error: 'NotPublished', Cause: JSON.stringify({ errorType: 'NotPublished', errorMessage: message }) },
      });
    await put('um/BTCUSDT/1h archive_monthly 2024-01: HTTP 404 (and 1 more of 4 chunks failed)');
    await lake.run();
    expect((await reportOf(lake.store)).failures).toEqual([{ ...named, message: 'wrong sha256' }]);
    await put(`${named.name}: HTTP 404`);
    await lake.run();
    const failures = [{ ...named, error: 'NotPublished', message: `${named.name}: HTTP 404` }];
    expect((await reportOf(lake.store)).failures).toEqual(failures);
  });

  test.each([
    ['five hours that the ledger calls absent', 5, JAN, true],
    ['six hours, of which it calls five absent', 6, JAN, false],
    ['five hours, and the ledger calls absent what is elsewhere', 5, JAN + HOUR, false],
  ])('nor anybody else %s', async (_, lacking, shift, healed) => {
    const lake = await lakeWithoutFile(lacking);
    const fromMs = shift - JAN + MAR - 5 * HOUR;
    const row = { fromMs, toMs: fromMs + 5 * HOUR, class: 'exchange_absent', intervals: 5, candles: 0 } as const;
    const columns = gapColumns([{ ...row, knownAtMs: NOW, evidence: '{}' }]);
    await lake.store.put(tableKey('gaps', BTC, '2024'), encodeTable(GAPS_SCHEMA, 1, columns));
    await lake.run();
    expect((await reportOf(lake.store)).healed).toHaveLength(healed ? 1 : 0);
  });

  test.each<[string, Partial<SeriesReport>, Chunk]>([
    ['our own fault kept from landing', {}, FEBRUARY],
    ['is wanted as it is now', { failed }, { ...FEBRUARY, revision: { lastModifiedMs: NOW, sizeBytes: 9 } }],
  ])('and that %s is missing, whatever candles there are', async (_, more, chunk) => {
    const lake = await lakeWithoutFile(0, more, chunk);
    expect(await lake.run()).toMatchObject({ complete: false });
    expect(await reportOf(lake.store)).toMatchObject({ failures: [{ name: named.name }], healed: [] });
  });
});
