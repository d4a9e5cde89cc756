import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Chunk } from '../../../lib/domain/chunk.ts';
import type { Series } from '../../../lib/domain/series.ts';
import { archivePath } from '../../../lib/exchange/binance/archive-path.ts';
import { landingKey } from '../../../lib/lake/keys.ts';
import { sha256Of } from '../../support/bytes.ts';
import { testClock } from '../../support/clock.ts';
import {
  archiveChunk,
  DAYS,
  failure,
  fetchedLake,
  MONTH,
  NOW,
  pagesInstead,
  SERIES,
} from '../../support/fetched-lake.ts';

const lake = fetchedLake();
const { fetchAll, receipts } = lake;

describe('archive files', () => {
  test('lands the exact bytes under their hash, with a receipt that says where they came from', async () => {
    const result = await fetchAll([MONTH]);
    expect(result).toMatchObject({ batch: 'b', landed: 1, skipped: 0, requests: 2, restWeight: 0 });
    const url = `${lake.exchange.url}/${archivePath(SERIES, 'archive_monthly', MONTH.range)}`;
    const served = new Uint8Array(await (await fetch(url)).arrayBuffer());
    const [receipt] = await receipts();
    const sha256 = sha256Of(served);
    expect(receipt).toMatchObject({
      series: SERIES,
      source: 'archive_monthly',
      range: MONTH.range,
      sha256,
      url,
      fetchedAtMs: NOW,
      asOfMs: NOW,
      sizeBytes: served.byteLength,
    });
    expect(Buffer.compare((await lake.store.get(landingKey(receipt!)))!, served)).toBe(0);
    const published = await (await fetch(`${url}.CHECKSUM`)).text();
    expect(published).toContain(sha256);
  });

  test('what has landed costs nothing; bytes without a receipt do not count', async () => {
    await fetchAll([MONTH]);
    const before = lake.exchange.requests.length;
    expect(await fetchAll([MONTH])).toEqual({
      batch: 'b',
      landed: 0,
      skipped: 1,
      requests: 0,
      bytes: 0,
      restWeight: 0,
    });
    expect(lake.exchange.requests).toHaveLength(before);

    const [receipt] = await receipts();
    await rm(join(lake.folder, landingKey(receipt!).replace(/\.zip$/, '.receipt.json')));
    expect(await fetchAll([MONTH])).toMatchObject({ landed: 1, skipped: 0 });
  });

  test('a page instead of a checksum is requested again; a lasting one is UnexpectedFormat', async () => {
    expect(await fetchAll([MONTH], { http: pagesInstead(1, '.CHECKSUM') })).toMatchObject({ landed: 1, requests: 3 });
    const lasting = pagesInstead(Number.POSITIVE_INFINITY, '.CHECKSUM');
    const error = await failure(fetchAll(DAYS.slice(0, 1), { http: lasting }));
    expect(error).toMatchObject({
      name: 'UnexpectedFormat',
      message: expect.stringContaining(
        "CHECKSUM must be a sha256 and the name BTCUSDT-15m-2024-03-01.zip, got '<html>",
      ),
    });
    expect(await receipts()).toHaveLength(1);
  });

  test('a symbol that is not ASCII', async () => {
    await lake.restart({ nowMs: Date.parse('2026-06-05T10:07Z') });
    const series: Series = { market: 'um', symbol: '龙虾USDT', interval: '1h' };
    await fetchAll([archiveChunk('archive_monthly', '2026-04-01', '2026-05-01', series)]);
    expect(await receipts(series)).toHaveLength(1);
  });

  test('damaged on the way once: fetched again, from the checksum on', async () => {
    lake.exchange.faults.add({ kind: 'corrupt_zip', match: /\.zip$/, times: 1 });
    expect(await fetchAll([DAYS[0]!])).toMatchObject({ landed: 1, requests: 4 });
  });

  test('a checksum that differs twice: CorruptObject names file, got and expected, and nothing lands', async () => {
    lake.exchange.faults.add({ kind: 'wrong_checksum', match: '2024-03-01' });
    const error = await failure(fetchAll([DAYS[0]!]));
    expect(error.name).toBe('CorruptObject');
    expect(error.message).toMatch(
      /^um\/BTCUSDT\/15m archive_daily 2024-03-01: BTCUSDT-15m-2024-03-01\.zip has sha256 \w{64}, expected \w{64} \(/,
    );
    expect(lake.exchange.requests.map((r) => r.path.split('.').at(-1))).toEqual(['CHECKSUM', 'zip', 'CHECKSUM', 'zip']);
    expect(await receipts()).toEqual([]);
  });

  test('a file or a checksum that is not there: NotPublished', async () => {
    lake.exchange.faults.add(
      { kind: 'missing_checksum', match: '2024-03-01' },
      { kind: 'missing_file', match: '2024-03-02' },
    );
    expect((await failure(fetchAll([DAYS[0]!]))).message).toMatch(
      /2024-03-01\.zip\.CHECKSUM is not published \(HTTP 404\)$/,
    );
    expect(await failure(fetchAll([DAYS[1]!]))).toMatchObject({ name: 'NotPublished' });
  });

  test('cut off, reset or 503: tried again', async () => {
    lake.exchange.faults.add(
      { kind: 'truncated_body', match: /\.zip$/, times: 1 },
      { kind: 'reset', match: '.CHECKSUM', times: 1 },
      { kind: 'status', status: 503, match: /\.zip$/, times: 1 },
    );
    const clock = testClock(NOW);
    const result = await fetchAll([MONTH], { clock });
    expect(result).toMatchObject({ landed: 1, requests: 5 });
    expect(clock.pauses).toHaveLength(3);
  });

  test('one that fails does not stop the others, and fails the batch at the end', async () => {
    lake.exchange.faults.add({ kind: 'missing_file', match: /2024-03-0[12]/ });
    const error = await failure(fetchAll([MONTH, ...DAYS]));
    expect(error.name).toBe('NotPublished');
    expect(error.message).toMatch(/^um\/BTCUSDT\/15m archive_daily 2024-03-01: .* \(and 1 more of 4 chunks failed\)$/);
    expect((await receipts()).map((r) => r.source).sort()).toEqual(['archive_daily', 'archive_monthly']);
  });

  test('of several failures the one that a pause may mend is thrown, so that the batch is tried again', async () => {
    lake.exchange.faults.add({ kind: 'missing_file', match: '2024-03-01' }, { kind: 'reset', match: '2024-03-02' });
    expect(await failure(fetchAll(DAYS))).toMatchObject({ name: 'ExchangeBusy' });
    expect(await receipts()).toHaveLength(1);
  });
});

describe('a revised file', () => {
  const LATER = Date.parse('2024-03-05T09:00Z');
  const revised: Chunk = { ...MONTH, revision: { lastModifiedMs: LATER, sizeBytes: 1 } };

  test('is fetched although an older version has landed, once', async () => {
    await fetchAll([MONTH]);
    lake.exchange.history.rewrite('2024-02.zip', LATER, (rows) => rows.slice(1));
    const url = `${lake.exchange.url}/${archivePath(SERIES, 'archive_monthly', MONTH.range)}`;
    const etag = (await fetch(url, { method: 'HEAD' })).headers.get('etag')!;
    const chunk = { ...revised, revision: { ...revised.revision!, etag } };
    expect(await fetchAll([chunk])).toMatchObject({ landed: 1, skipped: 0 });
    expect(await receipts()).toHaveLength(2);
    expect(await fetchAll([chunk])).toMatchObject({ landed: 0, skipped: 1, requests: 0 });
  });

  test('that is still served in the older version is not taken for the later one', async () => {
    await fetchAll([MONTH]);
    const error = await failure(fetchAll([revised]));
    expect(error.name).toBe('NotPublished');
    expect(error.message).toMatch(/has \d+ bytes of .* 2024 .*, expected the 1 of 2024-03-05T09:00:00Z$/);
    expect(await receipts()).toHaveLength(1);
  });
});
