import type { Chunk } from '../../../lib/domain/chunk.ts';
import { failureKey } from '../../../lib/lake/keys.ts';
import type { ObjectStore } from '../../../lib/ports.ts';
import { DAYS, failure, fetchedLake, MONTH, NOW, restChunk } from '../../support/fetched-lake.ts';

const lake = fetchedLake();
const { fetchAll, receipts } = lake;

describe('a chunk that fails', () => {
  async function failed(chunk: Chunk): Promise<unknown> {
    const bytes = await lake.store.get(failureKey(chunk));
    return bytes && JSON.parse(new TextDecoder().decode(bytes));
  }

  test('is recorded beside the place of its bytes, and the others land', async () => {
    lake.exchange.faults.add({ kind: 'wrong_checksum', match: '2024-03-02.zip' });
    const error = await failure(fetchAll(DAYS));
    expect(error.name).toBe('CorruptObject');
    expect(await failed(DAYS[1]!)).toEqual({
      ...DAYS[1],
      error: 'CorruptObject',
      message: expect.stringContaining('has sha256'),
      atMs: NOW,
    });
    expect(await failed(DAYS[0]!)).toBeUndefined();
    expect(await receipts()).toHaveLength(2);

    lake.exchange.faults.clear();
    expect(await fetchAll(DAYS)).toMatchObject({ landed: 1, skipped: 2 });
    expect(await receipts()).toHaveLength(3);
  });

  test('of REST is written down as well', async () => {
    const window = restChunk('2024-03-05T00:00Z', '2024-03-05T10:00Z');
    lake.exchange.faults.add({ kind: 'status', status: 451, match: 'klines?' });
    expect((await failure(fetchAll([window]))).name).toBe('ExchangeRefused');
    expect(await failed(window)).toMatchObject({ source: 'rest', error: 'ExchangeRefused' });
  });

  test('by a fault of the store or of our code is no evidence about the exchange, and is not recorded', async () => {
    const broken: ObjectStore = {
      ...lake.store,
      put: (key, bytes, condition) =>
        key.endsWith('.zip') ? Promise.reject(new Error('disk is full')) : lake.store.put(key, bytes, condition),
    };
    expect(await failure(fetchAll([MONTH], { store: broken }))).toMatchObject({
      message: expect.stringContaining('disk is full'),
    });
    expect(await failed(MONTH)).toBeUndefined();
  });

  test('and cannot be recorded still fails, with its own error', async () => {
    lake.exchange.faults.add({ kind: 'missing_file', match: '2024-02.zip' });
    const full: ObjectStore = { ...lake.store, put: () => Promise.reject(new Error('disk is full')) };
    expect((await failure(fetchAll([MONTH], { store: full }))).name).toBe('NotPublished');
  });
});
