import type { Series } from '../../../lib/domain/series.ts';
import { type Exchange, startExchange } from '../../../lib/exchange/simulated/exchange.ts';
import { landingsOf } from '../../../lib/lake/landing/receipt.ts';
import type { Manifest } from '../../../lib/lake/manifest/contract.ts';
import type { MemoryStore } from '../../../lib/lake/memory-store.ts';
import { auditedLake } from '../../support/audited-lake.ts';
import { damagedCopy, rewrite } from '../../support/damage.ts';
import { contentsOf, keyWith } from '../../support/store.ts';

const NOW = Date.parse('2024-02-03T10:07:00Z');
const SERIES: Series = { market: 'um', symbol: 'BTCUSDT', interval: '1h' };
const CHUNKS = [
  ['archive_monthly', '2023-12'],
  ['archive_monthly', '2024-01'],
  ['archive_daily', '2024-02-01'],
  ['archive_daily', '2024-02-02'],
] as const;

let exchange: Exchange;
let clean: MemoryStore;

beforeAll(async () => {
  exchange = await startExchange({ nowMs: NOW });
  const lake = auditedLake(exchange);
  await lake.run(SERIES, CHUNKS);
  clean = lake.store;
});
afterEach(() => exchange.faults.clear());
afterAll(() => exchange.close());

const copy = async () => auditedLake(exchange, await damagedCopy(clean));

async function manifest(store: MemoryStore, period: string): Promise<Manifest> {
  return JSON.parse(Buffer.from((await store.get(keyWith(store, 'manifests/', `period=${period}`)))!).toString());
}

describe('revisions', () => {
  test('a rewritten archive file is found and lands; the next run makes a new version with its values', async () => {
    const lake = await copy();
    const before = await manifest(lake.store, '2024');
    exchange.faults.add({ kind: 'restated_rows', match: 'monthly/klines/BTCUSDT/1h/BTCUSDT-1h-2024-01.zip' });
    const report = await lake.audit({ sample: 0 });
    expect(report.findings).toEqual([
      expect.objectContaining({
        check: 'revisions',
        severity: 'differs',
        place: keyWith(clean, '/2024-01/', '.zip'),
        rule: 'of one source, the one fetched later',
      }),
    ]);
    const [finding] = report.findings;
    const landed = finding!.place.replace(finding!.expected, finding!.found);
    expect(lake.store.objects.has(landed)).toBe(true);
    expect(report.clean).toBe(false);

    lake.clock.sleep(1);
    await lake.run(SERIES);
    const after = await manifest(lake.store, '2024');
    expect(after.inputs.map(({ key }) => key)).toContain(landed);
    expect(after.chain).not.toBe(before.chain);
    expect(after.report.conflicts).toBe(3);
    expect((await manifest(lake.store, '2023')).chain).toBe(before.previousChain);
    // The archive is as the lake has it now; what differs is the past, and is known.
    const again = await lake.audit({ sample: 0 });
    expect(again).toMatchObject({ clean: true, counts: { wrong: 0, differs: 0, note: 1 } });
    expect(again.findings[0]!.what).toContain('candles of 2024 on which what landed differs: 3');
  });

  test('a restored file lands again and is used again, and its receipt lists both times', async () => {
    const lake = await copy();
    const before = await manifest(lake.store, '2024');
    exchange.faults.add({ kind: 'restated_rows', match: 'monthly/klines/BTCUSDT/1h/BTCUSDT-1h-2024-01.zip' });
    lake.clock.sleep(1000);
    await lake.audit({ sample: 0 });
    await lake.run(SERIES);
    exchange.faults.clear();
    lake.clock.sleep(1000);
    const { findings } = await lake.audit({ sample: 0 });
    expect(findings.filter(({ severity }) => severity === 'differs')).toEqual([
      expect.objectContaining({ what: 'archive file restored to an earlier version; it has landed again' }),
    ]);
    await lake.run(SERIES);
    expect((await manifest(lake.store, '2024')).chain).toBe(before.chain);
    const receipt = lake.store.objects.get(keyWith(clean, '/2024-01/', '.receipt.json'))!;
    const times = landingsOf(JSON.parse(Buffer.from(receipt).toString())).map(({ fetchedAtMs }) => fetchedAtMs);
    expect(times).toEqual([NOW, NOW + 2000]);
    expect(await lake.audit({ sample: 0 })).toMatchObject({ clean: true });
  });

  test.each(['.zip', '.receipt.json'])(
    'of a rewritten file the newer %s is damaged: that is all that is found, and repaired',
    async (ending) => {
      const lake = await copy();
      const older = keyWith(clean, '/2024-01/', ending);
      exchange.faults.add({ kind: 'restated_rows', match: 'monthly/klines/BTCUSDT/1h/BTCUSDT-1h-2024-01.zip' });
      await lake.audit({ sample: 0 });
      await lake.run(SERIES);
      const before = contentsOf(lake.store);
      const newer = Object.keys(before).find(
        (key) => /\/2024-01\//.test(key) && key.endsWith(ending) && key !== older,
      )!;
      await rewrite(lake.store, newer, (bytes) => bytes.subarray(0, 50));
      const { findings, repaired } = await lake.audit({ sample: 0, repair: true });
      expect(findings.filter(({ severity }) => severity !== 'note').map(({ check, place }) => [check, place])).toEqual([
        ['landing', newer],
      ]);
      expect(repaired.landed).toBe(1);
      expect(contentsOf(lake.store)).toEqual(before);
    },
  );

  test('a republished file beside a checksum that stayed is fetched; other bytes are found', async () => {
    const lake = await copy();
    // As if the file had landed an hour before it was put there for the last time.
    await rewrite(lake.store, keyWith(lake.store, '/2024-01/', '.receipt.json'), (bytes) => {
      const receipt = JSON.parse(bytes.toString());
      const hourBefore = new Date(Date.parse(receipt.lastModified) - 3_600_000).toUTCString();
      return Buffer.from(JSON.stringify({ ...receipt, lastModified: hourBefore }));
    });
    const requests = () => exchange.requests.filter(({ path }) => path.endsWith('1h-2024-01.zip')).length;
    const asked = requests();
    expect((await lake.audit({ sample: 0 })).findings).toEqual([]);
    expect(requests() - asked).toBe(1);
    exchange.faults.add({ kind: 'corrupt_zip', match: '1h-2024-01.zip' });
    const report = await lake.audit({ sample: 0 });
    expect(report.findings).toEqual([
      expect.objectContaining({ check: 'revisions', severity: 'differs', what: 'archive file and its CHECKSUM' }),
    ]);
    expect(Object.keys(contentsOf(lake.store))).toEqual(Object.keys(contentsOf(clean)));
  });

  test('a file that is gone from the archive is noted, and kept', async () => {
    const lake = await copy();
    exchange.faults.add({ kind: 'missing_file', match: '1h-2024-02-01.zip' });
    const report = await lake.audit({ sample: 0 });
    expect(report).toMatchObject({ clean: true, counts: { note: 1 } });
    expect(report.findings[0]).toMatchObject({ severity: 'note', found: 'no longer published (HTTP 404)' });
  });
});

test('a file that is not listed any more is noted, and nothing is asked about it', async () => {
  // An exchange that has not published the last two days.
  const without = await startExchange({ nowMs: Date.parse('2024-02-02T05:00Z') });
  try {
    const report = await auditedLake(without, await damagedCopy(clean)).audit({ sample: 0 });
    expect(report.findings.map(({ severity, place, found }) => [severity, place.split('/').at(-2), found])).toEqual([
      ['note', '2024-02-01', 'no longer listed'],
      ['note', '2024-02-02', 'no longer listed'],
    ]);
    expect(without.requests.filter(({ path }) => path.includes('2024-02-0'))).toEqual([]);
  } finally {
    await without.close();
  }
});

describe('reconcile', () => {
  test.each([
    ['daily', '/daily/klines/BTCUSDT/1h/BTCUSDT-1h-2024-01-10.zip', 'archive_monthly', 'archive_daily'],
    ['REST', /\/klines\?symbol=BTCUSDT.*startTime=1704844800000/, 'archive_monthly', 'rest'],
  ])('%s against monthly: both values, the rule, and the sample landed', async (_, match, kept, other) => {
    const lake = await copy();
    exchange.faults.add({ kind: 'restated_rows', match, count: 1 });
    const report = await lake.audit({ sample: 'all' });
    // 12:00 is the middle of the day.
    expect(report.findings).toEqual([
      expect.objectContaining({
        check: 'reconcile',
        severity: 'differs',
        place: '2024-01-10T12:00:00Z',
        what: `candle, ${kept} against ${other}, which has landed too`,
        rule: 'monthly beats daily beats REST; of one source, the one fetched later',
      }),
    ]);
    const { expected, found } = report.findings[0]!;
    expect(expected).toMatch(/high [\d.]+, low [\d.]+, .*volume [\d.]+/);
    expect(found).not.toBe(expected);
    expect(found.replaceAll(/[\d.]+/g, '')).toBe(expected.replaceAll(/[\d.]+/g, ''));

    await lake.run(SERIES);
    const { report: shard, chain } = await manifest(lake.store, '2024');
    expect(shard).toMatchObject({ conflicts: 1 });
    expect(shard.conflictSamples[0]).toMatchObject({ kept: { source: kept }, other: { source: other } });
    // Monthly has decided: no value is another.
    expect(chain).toBe((await manifest(clean, '2024')).chain);
    const again = await lake.audit({ sample: 0 });
    expect(again).toMatchObject({ clean: true, counts: { note: 1 } });
  });

  test('a day that the monthly file lacks is found in the daily file, and the next run fills it in', async () => {
    const holed = await startExchange({ nowMs: NOW });
    holed.faults.add({ kind: 'missing_day', day: '2024-01-10', match: '/monthly/' });
    try {
      const lake = auditedLake(holed);
      await lake.run(SERIES, CHUNKS);
      const report = await lake.audit({ sample: 'all' });
      const lacks = report.findings.filter(({ severity }) => severity === 'differs');
      expect(lacks.map(({ place, what, found }) => [place, what.split(' ').at(-6), found])).toEqual([
        ['2024-01-10T00:00:00Z', 'archive_daily', '24'],
        ['2024-01-10T00:00:00Z', 'rest', '24'],
      ]);
      await lake.run(SERIES);
      expect((await manifest(lake.store, '2024')).report.missing).toBe(0);
      expect((await lake.audit({ sample: 'all' })).clean).toBe(true);
    } finally {
      await holed.close();
    }
  });

  test('the sample is that of the day: the same all day, another tomorrow, and only of closed candles', async () => {
    const asked = async (nowMs: number) => {
      const lake = await copy();
      await lake.clock.sleep(nowMs - NOW);
      const before = exchange.requests.length;
      const report = await lake.audit({ sample: 3 });
      expect(report.samples).toBeGreaterThan(0);
      const paths = exchange.requests.slice(before).map(({ path }) => path);
      const ends = paths.flatMap((path) => /endTime=(\d+)/.exec(path)?.[1] ?? []).map(Number);
      expect(Math.max(...ends)).toBeLessThan(Date.parse('2024-02-03'));
      return paths.filter((path) => !path.endsWith('.CHECKSUM')).sort();
    };
    const first = await asked(NOW);
    expect(await asked(NOW + 3_600_000)).toEqual(first);
    expect(await asked(NOW + 86_400_000)).not.toEqual(first);
  });
});

describe('out of reach', () => {
  test('the archive: the rest is done, one line says so, and nobody is asked twice', async () => {
    const lake = await copy();
    exchange.faults.add({ kind: 'status', status: 403, match: (request) => !request.path.includes('klines?') });
    const before = exchange.requests.length;
    const report = await lake.audit({ sample: 2 });
    expect(report).toMatchObject({ clean: true, samples: 2 });
    expect(report.notices).toEqual([expect.stringMatching(/^archive is out of reach \(.*403.*\)/)]);
    const archive = exchange.requests.slice(before).filter(({ path }) => !path.includes('klines?'));
    // One question, with the patience that a firewall's refusal gets; after that the archive is left alone.
    expect(archive).toHaveLength(4);
    expect(new Set(archive.map(({ path }) => path)).size).toBe(1);
  });

  test('REST (451): daily files are still compared', async () => {
    const lake = await copy();
    exchange.faults.add({ kind: 'status', status: 451, match: '/fapi/' });
    const report = await lake.audit({ sample: 5 });
    expect(report.notices).toEqual([expect.stringMatching(/^REST is out of reach \(.*451.*\)/)]);
    expect(report).toMatchObject({ clean: true });
    expect(report.samples).toBeGreaterThan(0);
  });

  test('--offline asks nobody', async () => {
    const lake = await copy();
    const before = exchange.requests.length;
    expect(await lake.audit({ offline: true })).toMatchObject({
      clean: true,
      samples: 0,
      notices: ['nobody is asked'],
    });
    expect(exchange.requests.length).toBe(before);
  });
});
