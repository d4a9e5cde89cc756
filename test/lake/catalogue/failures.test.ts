import type { Chunk } from '../../../lib/domain/chunk.ts';
import { BTC, CHUNKS, ETH, finishedLake, newLake, planOf, REST, reportOf, WHOLE } from './finished-lake.ts';

describe('failures', () => {
  const lambdaError = (errorType: string, errorMessage: string) => ({
    Error: errorType,
    Cause: JSON.stringify({ errorType, errorMessage, trace: ['at …'] }),
  });

  async function lakeWithout(missing: readonly Chunk[]) {
    const lake = await newLake();
    await lake.put('runs/r1/plan.json', planOf());
    for (const one of CHUNKS) if (!missing.includes(one)) await lake.land(one);
    for (const series of [BTC, ETH]) await lake.refined(series, [WHOLE]);
    return lake;
  }

  test('a chunk that failed is named with its error, and the partitions of the others are added', async () => {
    const lake = await lakeWithout([CHUNKS[1]!]);
    await lake.put('runs/r1/failures/archive-0.json', {
      stage: 'fetch',
      item: { runId: 'r1', batch: 'archive-0', chunks: CHUNKS.slice(0, 2) },
      error: lambdaError('CorruptObject', 'BTCUSDT-1h-2024-02.zip has sha256 3f…,\nexpected a1…'),
    });
    const result = await lake.run();
    expect(result.complete).toBe(false);
    expect(result.summary).toBe(
      'incomplete: 1 of 4 chunks failed: um/BTCUSDT/1h archive_monthly 2024-02 ' +
        '(CorruptObject: BTCUSDT-1h-2024-02.zip has sha256 3f…, expected a1…)',
    );
    expect(await reportOf(lake.store)).toMatchObject({
      fetchedChunks: 3,
      failures: [{ stage: 'fetch', name: 'um/BTCUSDT/1h archive_monthly 2024-02', error: 'CorruptObject' }],
    });
    expect(lake.known.size).toBe(8);
  });

  test('a failure that healed since does not count', async () => {
    const lake = await lakeWithout([]);
    await lake.put('runs/r1/failures/a.json', { stage: 'fetch', item: { chunks: CHUNKS }, error: { Error: 'X' } });
    await lake.put('runs/r1/failures/b.json', { stage: 'refine', item: { series: ETH }, error: { Error: 'X' } });
    expect((await lake.run()).complete).toBe(true);
  });

  test('a chunk that is missing without a failure record is still missing', async () => {
    const lake = await lakeWithout([REST]);
    expect((await lake.run()).summary).toBe(
      'incomplete: 1 of 4 chunks failed: um/BTCUSDT/1h rest 20240301T000000Z-20240303T090000Z ' +
        '(NotFetched: no error was recorded)',
    );
  });

  test('many failures: three are named', async () => {
    const lake = await lakeWithout(CHUNKS);
    expect((await lake.run()).summary).toMatch(/^incomplete: 4 of 4 chunks failed: .* and 1 more$/);
  });

  test('a series without a report failed', async () => {
    const lake = await finishedLake();
    const other = await newLake();
    await other.put('runs/r1/plan.json', planOf());
    for (const one of CHUNKS) await other.land(one);
    await other.refined(BTC, [WHOLE]);
    // A report of an earlier run is not one of this run.
    await other.refined(ETH, [WHOLE], {}, 'r0');
    await other.put('runs/r1/failures/eth.json', {
      stage: 'refine',
      item: { runId: 'r1', series: ETH },
      error: lambdaError('UnexpectedFormat', 'row 812 has 11 fields, expected 12'),
    });
    expect((await other.run()).summary).toBe(
      'incomplete: 1 of 2 series failed: um/ETHUSDT/1h (UnexpectedFormat: row 812 has 11 fields, expected 12)',
    );
    expect(await reportOf(other.store)).toMatchObject({ series: [{ candles: 1497 }, { candles: 0, shards: [] }] });
    expect((await lake.run()).complete).toBe(true);
  });

  test.each<[string, string | undefined, string]>([
    ['of a Lambda', JSON.stringify({ errorType: 'E', errorMessage: 'why' }), 'E: why'],
    ['of the state machine', 'why', 'E: why'],
    ['that is missing', undefined, 'E'],
  ])('an error with a cause %s is named', async (_, Cause, named) => {
    const lake = await lakeWithout([REST]);
    const item = { runId: 'r1', batch: 'rest-0', chunks: [REST] };
    await lake.put('runs/r1/failures/x.json', { stage: 'fetch', item, error: { Error: 'E', Cause } });
    expect((await lake.run()).summary).toMatch(new RegExp(`\\(${named}\\)$`));
  });

  test.each(['not json', '', '[]', '{"stage": "fetch"}', 'null', '{"item": {}, "error": {"Error": "E"}}'])(
    'a record of another form counts as a failure: %j',
    async (text) => {
      const lake = await finishedLake();
      await lake.store.put('runs/r1/failures/odd.json', new TextEncoder().encode(text));
      const result = await lake.run();
      expect(result.complete).toBe(false);
      expect(result.summary).toContain('runs/r1/failures/odd.json');
    },
  );

  test('a run without a plan is refused', async () => {
    const lake = await newLake();
    await expect(lake.run()).rejects.toMatchObject({ name: 'BadInput', message: expect.stringContaining("'r1'") });
    expect(await lake.store.get('runs/r1/report.json')).toBeUndefined();
  });
});
