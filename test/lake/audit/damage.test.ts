import type { Series } from '../../../lib/domain/series.ts';
import { type Exchange, startExchange } from '../../../lib/exchange/simulated/exchange.ts';
import { manifestKey, parseVersionKey } from '../../../lib/lake/keys.ts';
import type { MemoryStore } from '../../../lib/lake/memory-store.ts';
import { putVersion, readVersion } from '../../../lib/lake/versions/version-record.ts';
import { auditedLake } from '../../support/audited-lake.ts';
import { sha256Of } from '../../support/bytes.ts';
import {
  type Damage,
  damagedCopy,
  edited,
  FALSE_FIELDS,
  flip,
  flipAnywhere,
  type Json,
  remove,
  removeAll,
  rewrite,
  withField,
  wrong,
} from '../../support/damage.ts';
import { contentsOf, keyWith } from '../../support/store.ts';

const NOW = Date.parse('2024-02-03T10:07:00Z');
const SERIES: Series = { market: 'um', symbol: 'BTCUSDT', interval: '1h' };
const CHUNKS = [
  ['archive_monthly', '2023-12'],
  ['archive_monthly', '2024-01'],
  ['archive_daily', '2024-02-01'],
  ['archive_daily', '2024-02-02'],
  ['rest', '20240203T000000Z-20240203T100000Z'],
] as const;

/** Replaced by a name that is known once the lake is made. */
const REST_HASH = 'rest hash';

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
async function damaged(damage?: Damage) {
  return auditedLake(exchange, await damagedCopy(clean, damage));
}

test('a clean lake: nothing is found, in it or against the exchange, and no byte changes', async () => {
  const lake = await damaged();
  const before = contentsOf(lake.store);
  const report = await lake.audit({ sample: 'all' });
  expect(report).toMatchObject({ clean: true, findings: [], notices: [], unaudited: [], series: 1 });
  // 2 manifests, 2 × 4 tables, 2 checkpoints, 2 records of versions; 5 landed objects with their receipts.
  expect(report.objects).toBe(2 + 8 + 2 + 2 + 10);
  // 61 days less nothing: each daily file but the two that landed, REST of each day but the last, which landed.
  expect(report.samples).toBe(62 + 64);
  expect(contentsOf(lake.store)).toEqual(before);
  expect(report.summary).toBe('24 objects checked, 0 findings: 0 wrong, 0 differ, 0 to note');
});

describe('a flipped bit is found, wherever it is, in', () => {
  test.each([
    ['candles', ['candles/', 'period=2023']],
    ['features', ['features/', 'period=2024']],
    ['labels', ['labels/', 'period=2024']],
    ['a checkpoint', ['checkpoints/', 'period=2023']],
    ['a landed zip', ['landing/', '2024-01/', '.zip']],
    ['a landed REST answer', ['landing/', 'source=rest', REST_HASH]],
  ])('%s', async (_, texts) => {
    const key = keyWith(clean, ...texts.map((text) => (text === REST_HASH ? restHash() : text)));
    await flipAnywhere(clean, key, 8, async (store) => {
      const report = await auditedLake(exchange, store).audit({ offline: true });
      expect(report.clean).toBe(false);
      expect(wrong(report.findings).map(({ place }) => place)).toEqual([key]);
    });
  });

  test('a manifest', async () => {
    await flipAnywhere(clean, manifestKey(SERIES, '2023'), 40, async (store) => {
      const report = await auditedLake(exchange, store).audit({ offline: true });
      expect(report.counts.wrong).toBeGreaterThan(0);
    });
  });
});

describe('a manifest that says another thing is found, with no record of its version to hold it against, at', () => {
  const hex = (text: string) => (text.startsWith('0') ? `1${text.slice(1)}` : `0${text.slice(1)}`);
  const CHANGES: [string, (manifest: Json) => void][] = [
    ['series', (m) => (m['series'] = { ...SERIES, symbol: 'ETHUSDT' })],
    ['period', (m) => (m['period'] = '2022')],
    ['codeHash', (m) => (m['codeHash'] = 'code 2')],
    ['previousChain', (m) => (m['previousChain'] = hex(m['previousChain'] as string))],
    ['chain', (m) => (m['chain'] = hex(m['chain'] as string))],
    ['inputs.0.key', (m) => set(m, ['inputs', 0, 'key'], 'landing/klines/nothing.zip')],
    ['inputs.0.sha256', (m) => change(m, ['inputs', 0, 'sha256'], hex)],
    ['checkpoint.key', (m) => set(m, ['checkpoint', 'key'], 'checkpoints/nothing.bin')],
    ['checkpoint.sha256', (m) => change(m, ['checkpoint', 'sha256'], hex)],
    ['outputs.features.key', (m) => set(m, ['outputs', 'features', 'key'], 'features/nothing.parquet')],
    ['outputs.features.sha256', (m) => change(m, ['outputs', 'features', 'sha256'], hex)],
    ['outputs.labels.sizeBytes', (m) => set(m, ['outputs', 'labels', 'sizeBytes'], 7)],
    ['outputs.labels.rows', (m) => set(m, ['outputs', 'labels', 'rows'], 7)],
    ['outputs.candles', (m) => delete (m['outputs'] as Json)['candles']],
    ['head.sha256', (m) => change(m, ['head', 'sha256'], hex)],
    ['checkpoint, which is another object', (m) => (m['checkpoint'] = (m['outputs'] as Json)['labels'])],
    ['outputs.candles, which is no Parquet', (m) => spoilCandles(m)],
    ['report.candles', (m) => set(m, ['report', 'candles'], 7)],
    ['report.labels', (m) => set(m, ['report', 'labels'], 7)],
    ['report.missing', (m) => set(m, ['report', 'missing'], 7)],
    ['report.firstOpenTimeMs', (m) => set(m, ['report', 'firstOpenTimeMs'], NOW)],
    ['report.lastOpenTimeMs', (m) => set(m, ['report', 'lastOpenTimeMs'], NOW)],
    ['report.conflictSamples', (m) => Object.assign(m['report'] as Json, { conflicts: 1, conflictSamples: [{}] })],
    ['report.sizeBytes.labels', (m) => set(m, ['report', 'sizeBytes', 'labels'], 7)],
  ];
  test.each(CHANGES)('%s', async (_, spoil) => {
    const key = manifestKey(SERIES, '2024');
    const lake = await damaged(async (store) => {
      for (const record of recordsOf(store, '2024')) remove(store, record);
      await rewrite(store, key, edited(spoil));
    });
    const report = await lake.audit({ offline: true });
    expect(report.counts.wrong).toBeGreaterThan(0);
    expect(wrong(report.findings).every(({ remedy }) => remedy !== '')).toBe(true);
  });

  test('a manifest that is no JSON, and one that is empty', async () => {
    const key = manifestKey(SERIES, '2024');
    const torn = await damaged((store) => rewrite(store, key, (bytes) => bytes.subarray(0, 100)));
    expect((await torn.audit({ offline: true })).findings).toEqual([
      expect.objectContaining({
        ...{ severity: 'wrong', place: key, found: expect.stringContaining('no JSON') },
        remedy: 'npx lake audit --repair, then npx lake run',
      }),
    ]);
    const empty = await damaged((store) => store.put(key, Buffer.from('null\n')));
    expect((await empty.audit({ offline: true })).findings).toEqual([
      expect.objectContaining({
        severity: 'wrong',
        place: key,
        found: 'null or a claim, as while a shard is being replaced',
      }),
    ]);
    // A run may have been about to publish its manifest, so it was looked at again.
    expect(empty.clock.pauses).toEqual([10_000, 10_000]);
  });

  test('a shard that a run replaces while it is being checked is no finding', async () => {
    const lake = await damaged();
    const key = keyWith(lake.store, 'labels/', 'period=2024');
    const [good, manifest] = [lake.store.objects.get(key)!, lake.store.objects.get(manifestKey(SERIES, '2024'))!];
    await rewrite(lake.store, key, flip(9));
    const { get } = lake.store;
    const before = (await readVersion(lake.store, recordsOf(lake.store, '2024')[0]!))!;
    const renewed = { ...before.manifest, ledger: { ...before.manifest.ledger, basis: 'other evidence' } };
    const next = Buffer.from(`${JSON.stringify(renewed)}\n`);
    const manifestSha256 = sha256Of(next);
    const record = { ...before, manifest: renewed, manifestSha256, publishedAtMs: NOW + 60_000 };
    expect(manifest).not.toEqual(next);
    // The run puts its objects, the record of the version and the manifest right after the audit has read the older
    // ones.
    Object.assign(lake.store, {
      get: async (asked: string) => {
        const found = await get(asked);
        if (asked === key) {
          await lake.store.put(key, good);
          await putVersion(lake.store, record);
          await lake.store.put(manifestKey(SERIES, '2024'), next);
        }
        return found;
      },
    });
    expect((await lake.audit({ offline: true })).findings).toEqual([]);
  });
});

describe('lost, stray and false objects are found:', () => {
  const removed =
    (...texts: string[]): Damage =>
    (store) =>
      remove(store, keyWith(store, ...texts));
  test.each([
    ['a table', removed('features/', 'period=2023'), 'features/', 'not there'],
    ['a checkpoint', removed('checkpoints/', 'period=2023'), 'checkpoints/', 'not there'],
    ['landed bytes', removed('landing/', '2024-01/', '.zip'), 'landing/', 'not there'],
    ['a receipt', removed('landing/', '2024-01/', '.receipt.json'), 'landing/', 'not there'],
    ['a manifest', removed('manifests/', 'period=2023'), 'manifests/', 'none'],
  ])('%s is gone', async (_, remove, prefix, found) => {
    const report = await (await damaged(remove)).audit({ offline: true });
    const first = wrong(report.findings)[0]!;
    expect(first.place.startsWith(prefix)).toBe(true);
    expect(first.found).toBe(found);
  });

  test('a whole shard is gone: the next one continues from something else', async () => {
    const lake = await damaged((store) => removeAll(store, (key) => key.includes('period=2023')));
    const report = await lake.audit({ offline: true });
    expect(report.findings).toEqual([
      expect.objectContaining({
        severity: 'wrong',
        place: manifestKey(SERIES, '2024'),
        what: 'chain of the shard before',
        expected: 'none',
      }),
      expect.objectContaining({ check: 'versions', what: expect.stringContaining('of the version before') }),
    ]);
  });

  test('an object that no manifest names', async () => {
    const stray = 'candles/market=um/symbol=BTCUSDT/interval=1h/period=2019/candles.parquet';
    const beside = 'labels/market=um/symbol=BTCUSDT/interval=1h/period=2024/other.parquet';
    const lake = await damaged(async (store) => {
      await store.put(stray, Buffer.from('x'));
      await store.put(beside, Buffer.from('x'));
    });
    const report = await lake.audit({ offline: true });
    expect(report.findings.map(({ severity, place }) => [severity, place])).toEqual([
      ['wrong', stray],
      ['wrong', beside],
    ]);
  });

  test('a series of which nothing but tables is left', async () => {
    const lake = await damaged((store) => removeAll(store, (key) => /^(manifests|landing)/.test(key)));
    const report = await lake.audit({ offline: true });
    // 4 tables and a checkpoint of each of 2 shards.
    expect(report.counts.wrong).toBe(2 * 5);
  });

  test('bytes without a receipt are noted, and what failed to come is no finding', async () => {
    const folder = 'landing/klines/market=um/symbol=BTCUSDT/interval=1h/source=archive_daily/2024-02-02/';
    const lake = await damaged(async (store) => {
      await store.put(`${folder}${'a'.repeat(64)}.zip`, Buffer.from('x'));
      await store.put(`${folder}failed.json`, Buffer.from('{}'));
    });
    const report = await lake.audit({ offline: true });
    expect(report.findings.map(({ severity, place }) => [severity, place])).toEqual([
      ['note', `${folder}${'a'.repeat(64)}.zip`],
    ]);
    expect(report.clean).toBe(true);
  });

  test('a fact about the life of the symbol, with another hash', async () => {
    const text = '{"market":"um","symbol":"BTCUSDT","evidence":"exchange_info","listedMs":1567965420000}';
    const key = (hash: string) => `landing/listings/market=um/symbol=BTCUSDT/${hash}.json`;
    const hash = sha256Of(text);
    const sound = await damaged((store) => store.put(key(hash), Buffer.from(text)));
    expect((await sound.audit({ offline: true })).findings).toEqual([]);
    const false_ = await damaged((store) => store.put(key('c'.repeat(64)), Buffer.from(text)));
    expect((await false_.audit({ offline: true })).findings).toEqual([
      expect.objectContaining({ check: 'landing', severity: 'wrong', place: key('c'.repeat(64)), found: hash }),
    ]);
  });

  test.each<[string, unknown]>([
    ['series', { ...SERIES, symbol: 'ETHUSDT' }],
    ...FALSE_FIELDS,
    ['url', 'https://example.org/data/BTCUSDT-1h-2024-01.zip'],
  ])('a receipt with another %s', async (field, value) => {
    const key = keyWith(clean, 'landing/', '2024-01/', '.receipt.json');
    const lake = await damaged((store) => rewrite(store, key, withField(field, value)));
    const report = await lake.audit({ offline: true });
    expect(report.findings).toEqual([expect.objectContaining({ check: 'landing', severity: 'wrong', place: key })]);
  });
});

describe('repair', () => {
  test('then a run: every byte as in a lake that nothing happened to', async () => {
    const lake = await damaged(async (store) => {
      await rewrite(store, keyWith(store, 'candles/', 'period=2023'), flip(400));
      await rewrite(store, keyWith(store, 'checkpoints/', 'period=2023'), flip(900));
      await rewrite(store, keyWith(store, 'features/', 'period=2024'), flip(70_000));
      await rewrite(store, keyWith(store, 'labels/', 'period=2024'), (bytes) => bytes.subarray(0, 50));
      await rewrite(store, keyWith(store, 'landing/', '2024-01/', '.zip'), flip(80));
      await rewrite(store, keyWith(store, 'landing/', restHash()), flip(80));
    });
    const found = await lake.audit({ repair: true, sample: 0 });
    expect(found.counts).toEqual({ wrong: 6, differs: 0, note: 0 });
    // It was repaired: what is left to do is the run alone.
    expect([...new Set(found.findings.map(({ remedy }) => remedy))].sort()).toEqual([
      '',
      'npx lake run makes it again from what landed',
    ]);
    await lake.run(SERIES);
    expect(contentsOf(lake.store)).toEqual(contentsOf(clean));
    expect((await lake.audit({ sample: 'all' })).findings).toEqual([]);
  });

  test('fetches a lost receipt again, and says where bytes are lost', async () => {
    const lake = await damaged((store) => {
      remove(store, keyWith(store, 'landing/', '2024-01/', '.receipt.json'));
      remove(store, keyWith(store, 'landing/', '2024-02-01/', '.zip'));
    });
    // The archive has other bytes for that day by now.
    exchange.faults.add({ kind: 'restated_rows', match: '2024-02-01.zip' });
    try {
      const report = await lake.audit({ repair: true, sample: 0 });
      expect(wrong(report.findings).map(({ place, found }) => [place.split('/').at(-2), found])).toEqual([
        ['2024-02-01', 'not there'],
        ['2024-01', 'not there'],
        ['2024-02-01', 'the exchange has other bytes now'],
      ]);
      expect(wrong(report.findings)[2]!.remedy).toContain('lost: remove it');
    } finally {
      exchange.faults.clear();
    }
  });

  test('of a REST answer whose receipt was lost, its shard is made again: the time of an answer decides', async () => {
    const lake = await damaged((store) => remove(store, keyWith(store, 'landing/', 'source=rest', '.receipt.json')));
    const { repaired } = await lake.audit({ repair: true, sample: 0 });
    expect(repaired).toEqual({ shards: 1, kept: 0, landed: 1 });
    await lake.run(SERIES);
    expect(contentsOf(lake.store)).toEqual(contentsOf(clean));
  });

  test('without it nothing in the lake changes', async () => {
    const lake = await damaged((store) => rewrite(store, keyWith(store, 'candles/', 'period=2023'), flip(400)));
    const before = contentsOf(lake.store);
    expect((await lake.audit({ sample: 3 })).clean).toBe(false);
    expect(contentsOf(lake.store)).toEqual(before);
  });
});

/** Keys of the records of a shard's versions. */
function recordsOf(store: MemoryStore, period: string): string[] {
  return [...store.objects.keys()].filter((key) => parseVersionKey(key)?.period === period);
}

/** Names the checkpoint as the table of candles, hash and all. */
function spoilCandles(manifest: Json): void {
  change(manifest, ['outputs', 'candles', 'key'], () => (manifest['checkpoint'] as Json)['key']);
  change(manifest, ['outputs', 'candles', 'sha256'], () => (manifest['checkpoint'] as Json)['sha256']);
}

function set(json: unknown, path: readonly (string | number)[], value: unknown): void {
  change(json, path, () => value);
}

function change(json: unknown, path: readonly (string | number)[], to: (value: never) => unknown): void {
  const [last, ...rest] = [path.at(-1)!, ...path.slice(0, -1)];
  const parent = rest.reduce((at: unknown, name) => (at as Json)[name], json) as Json;
  parent[last] = to(parent[last] as never);
}

/** The answer's own hash: its receipt lies beside it. */
function restHash(): string {
  const receipt = keyWith(clean, 'source=rest', '.receipt.json');
  return `${/([0-9a-f]{64})/.exec(receipt)![1]}.json`;
}
