import type { Chunk } from '../../../lib/domain/chunk.ts';
import { landingKey, receiptKey } from '../../../lib/lake/keys.ts';
import { BTC, CHUNKS, chunk, ETH, FEB, finishedLake, HOUR, MAR, NOW, planOf, REST, SHA } from './finished-lake.ts';

describe('what has landed', () => {
  test.each<[string, Chunk, Pick<Chunk, 'series' | 'source' | 'range'>[], boolean]>([
    ['bytes of another month', CHUNKS[1]!, [CHUNKS[0]!], false],
    ['a daily file in place of a monthly', CHUNKS[1]!, [chunk(BTC, 'archive_daily', '2024-02-01')], false],
    ['the same file of another symbol', CHUNKS[1]!, [{ ...CHUNKS[1]!, series: ETH }], false],
    ['a REST window by two that meet', REST, [rest(MAR, MAR + HOUR), rest(MAR + HOUR, MAR + 57 * HOUR)], true],
    ['a REST window by two that do not meet', REST, [rest(MAR, MAR + HOUR), rest(MAR + 2 * HOUR, NOW)], false],
    ['a REST window by a longer one', REST, [rest(FEB, NOW)], true],
    ['a REST window by archive files', REST, ['2024-03-01', '2024-03-02', '2024-03-03'].map(daily), true],
    ['a REST window that ends an hour early', REST, [rest(MAR, MAR + 56 * HOUR)], false],
  ])('%s', async (_, wanted, there, expected) => {
    const lake = await finishedLake(planOf({ chunks: [] }));
    await lake.put('runs/r1/plan.json', planOf({ chunks: [wanted] }));
    for (const one of there) await lake.land(one);
    expect((await lake.run()).complete).toBe(expected);
  });

  test('bytes without a receipt do not count', async () => {
    const lake = await finishedLake(planOf({ chunks: [] }));
    await lake.put('runs/r1/plan.json', planOf({ chunks: [REST] }));
    await lake.store.put(landingKey({ ...REST, sha256: SHA }), new Uint8Array([1]));
    expect((await lake.run()).complete).toBe(false);
  });

  function rest(fromMs: number, toMs: number) {
    return { series: BTC, source: 'rest' as const, range: { fromMs, toMs } };
  }
  function daily(label: string) {
    return chunk(BTC, 'archive_daily', label);
  }
});

test('a revised file has landed when a receipt is as new as the archive says', async () => {
  const [chunk] = CHUNKS.filter(({ source }) => source === 'archive_monthly') as [Chunk];
  const revision = { lastModifiedMs: NOW, sizeBytes: 9 };
  const lake = await finishedLake(planOf({ chunks: [{ ...chunk, revision }] }));
  const { series, source, range } = chunk;
  const id = { series, source, range, sha256: SHA };
  const key = receiptKey(id);
  const fetched = { url: 'https://example.org/some.zip', fetchedAtMs: NOW, asOfMs: NOW, sizeBytes: 9 };
  const receiptOf = (ms: number) => ({ ...id, ...fetched, lastModified: new Date(ms).toUTCString() });
  await lake.put(key, receiptOf(NOW - 1000));
  expect((await lake.run()).complete).toBe(false);
  await lake.put(key, receiptOf(NOW));
  expect((await lake.run()).complete).toBe(true);
});
