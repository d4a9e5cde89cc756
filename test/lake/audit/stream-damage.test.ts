import type { Stream } from '../../../lib/domain/stream.ts';
import { type Exchange, startExchange } from '../../../lib/exchange/simulated/exchange.ts';
import type { AuditRequest } from '../../../lib/lake/audit/contract.ts';
import type { StreamManifest } from '../../../lib/lake/manifest/contract.ts';
import type { MemoryStore } from '../../../lib/lake/memory-store.ts';
import { refineStream } from '../../../lib/lake/refine/streams/refine-stream.ts';
import { type AuditedLake, auditedLake } from '../../support/audited-lake.ts';
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
import { contentsOf } from '../../support/store.ts';
import { HOUR_MS } from '../../support/time.ts';
import { workflowLake } from '../../support/workflow-lake.ts';

const FIRST = Date.parse('2024-02-01T10:07:00Z');
const REQUEST = { symbols: ['BTCUSDT'], interval: '4h', from: '2024-01-30', streams: true };
const STREAMS: readonly Stream[] = [
  { name: 'funding', market: 'um', symbol: 'BTCUSDT' },
  { name: 'instruments', market: 'um' },
  { name: 'mark_candles', market: 'um', symbol: 'BTCUSDT', interval: '4h' },
  { name: 'open_interest', market: 'um', symbol: 'BTCUSDT' },
];
const OF_STREAMS =
  /^(instruments|funding|open_interest|mark_candles|manifests\/streams|landing\/streams|checks\/streams)\//;

let nowMs = FIRST;
let exchange: Exchange;
let clean: MemoryStore;

beforeAll(async () => {
  exchange = await startExchange({ nowMs: () => nowMs });
  const lake = workflowLake(() => exchange);
  await lake.run(REQUEST);
  // A day later the same instruments are seen again; the days before have their files.
  nowMs += 24 * HOUR_MS;
  await lake.run(REQUEST);
  clean = await damagedCopy(lake.store, removeCandles);
});
afterEach(() => exchange.faults.clear());
afterAll(() => exchange.close());

/** Leaves the streams alone; candles have their own test. */
const removeCandles: Damage = (store) => removeAll(store, (key) => !OF_STREAMS.test(key));
const lakeOf = (store: MemoryStore) => auditedLake(exchange, store, 'code');
/** A lake with this done to it. */
const damaged = async (damage?: Damage) => lakeOf(await damagedCopy(clean, damage));
const refineAll = async ({ store }: AuditedLake) => {
  for (const stream of STREAMS)
    await refineStream({ runId: 'run', stream }, { store, clock: { nowMs: () => 0 }, codeHash: 'code' });
};
const audited = (lake: AuditedLake, request: AuditRequest & { repair?: boolean } = {}) =>
  lake.audit({ offline: request.repair !== true, ...request });
const firstOf = (...texts: readonly string[]) =>
  [...clean.objects.keys()].sort().find((key) => texts.every((text) => key.includes(text)))!;

/** One object of each kind that each stream has. */
const OBJECTS: readonly (readonly [string, readonly string[]])[] = [
  ['the table of instruments', ['instruments/', '.parquet']],
  ['the table of funding', ['funding/', '.parquet']],
  ['the table of open interest', ['open_interest/', 'period=2024-01', '.parquet']],
  ['the table of mark candles', ['mark_candles/', '.parquet']],
  ['a landed file of open interest', ['landing/streams/open_interest/', 'archive_daily', '.zip']],
  ['a landed file of funding', ['landing/streams/funding/', 'archive_monthly', '.zip']],
  ['a landed file of mark candles', ['landing/streams/mark_candles/', 'archive_monthly', '.zip']],
  ['a landed answer of REST', ['landing/streams/open_interest/', 'source=rest', 'Z/', '.json']],
  ['what exchangeInfo said', ['landing/streams/instruments/', 'part=exchange_info', '.json']],
  ['what fundingInfo said', ['landing/streams/instruments/', 'part=funding_info', '.json']],
];
const bytesWith = (texts: readonly string[]) =>
  [...clean.objects.keys()]
    .sort()
    .find((key) => texts.every((text) => key.includes(text)) && !key.endsWith('.receipt.json'))!;

const MANIFESTS = ['instruments', 'funding', 'open_interest', 'mark_candles'].map(
  (name) => [name, ['manifests/streams/', `/${name}/`]] as const,
);

test('a clean lake: nothing is found, in it or against the archive, and no byte changes', async () => {
  const lake = await damaged();
  const before = contentsOf(lake.store);
  const report = await lake.audit();
  expect(report).toMatchObject({ clean: true, findings: [], notices: [], unaudited: [], series: 0, streams: 4 });
  expect(report.objects).toBe([...clean.objects.keys()].filter((key) => !key.startsWith('checks/')).length);
  expect(contentsOf(lake.store)).toEqual(before);
});

describe('a flipped bit is found, and named, wherever it is, in', () => {
  test.each(OBJECTS)('%s', async (_, texts) => {
    const key = bytesWith(texts);
    await flipAnywhere(clean, key, 4, async (store) => {
      const report = await audited(lakeOf(store));
      expect(wrong(report.findings).map(({ place }) => place)).toEqual([key]);
    });
  });

  test.each(MANIFESTS)('the manifest of %s', async (_, texts) => {
    const key = firstOf(...texts);
    await flipAnywhere(clean, key, 25, async (store, at) => {
      const report = await audited(lakeOf(store));
      // If it has another hash of the table, it is the table that does not agree.
      const { output } = JSON.parse(Buffer.from(clean.objects.get(key)!).toString()) as StreamManifest;
      const places = report.findings.map(({ place }) => place);
      expect(places.some((place) => place === key || place === output!.key)).toBe(true);
      // Other words for the code that made it cannot be told from other code.
      const isCode = /^"codeHash":"[^"]*$/.test(
        Buffer.from(clean.objects.get(key)!)
          .toString()
          .slice(0, at + 1)
          .replace(/.*(?="codeHash")/, ''),
      );
      expect(report.clean).toBe(isCode && report.counts.wrong === 0);
    });
  });
});

describe('what is missing is found and named:', () => {
  test.each([...OBJECTS, ...MANIFESTS])('%s', async (_, texts) => {
    const key = bytesWith(texts);
    const report = await audited(await damaged((store) => remove(store, key)));
    const first = wrong(report.findings)[0]!;
    expect(first.place).toBe(key);
    expect(first.found).toMatch(/^(not there|none)$/);
  });

  test.each(MANIFESTS)('the last shard of %s, table and manifest; the next run makes it again', async (name) => {
    const manifest = [...clean.objects.keys()].sort().findLast((key) => key.startsWith(`manifests/streams/${name}/`))!;
    const shard = manifest.slice('manifests/streams/'.length, manifest.lastIndexOf('/') + 1);
    const lake = await damaged((store) => removeAll(store, (key) => key === manifest || key.startsWith(shard)));
    const report = await audited(lake);
    expect(wrong(report.findings)).toEqual([
      expect.objectContaining({ check: 'manifests', place: manifest, found: 'none' }),
    ]);
    await refineAll(lake);
    expect(contentsOf(lake.store)).toEqual(contentsOf(clean));
  });

  test.each(OBJECTS.slice(4))('the receipt of %s', async (_, texts) => {
    const folder = bytesWith(texts).replace(/[^/]+$/, '');
    const key = firstOf(folder, '.receipt.json');
    const report = await audited(await damaged((store) => remove(store, key)));
    expect(wrong(report.findings).map(({ place, found }) => [place, found])).toEqual([[key, 'not there']]);
  });
});

describe('a table that is not what it should be, under a manifest that agrees with it, is found where', () => {
  /** The shard made again with another value, and everything that lists its hash too. */
  async function forged(name: string, change: (manifest: Json) => void) {
    const key = firstOf('manifests/streams/', `/${name}/`);
    return audited(await damaged((store) => rewrite(store, key, edited(change))));
  }

  test('it is another table: made again from what landed it is not the same', async () => {
    // The table of the month after, with its own figures.
    const [january, february] = [1, 2].map((month) => firstOf(`period=2024-0${month}`, 'open_interest.parquet'));
    const report = await audited(
      await damaged(async (store) => {
        const key = firstOf('manifests/streams/open_interest', 'period=2024-01');
        const other = JSON.parse(
          Buffer.from(store.objects.get(firstOf('manifests/streams/open_interest', '2024-02'))!).toString(),
        ) as StreamManifest;
        await store.put(january!, store.objects.get(february!)!);
        const output = { ...other.output!, key: january! };
        const report = { ...other.report, period: '2024-01' };
        await rewrite(
          store,
          key,
          edited((manifest) => Object.assign(manifest, { output, report })),
        );
      }),
    );
    expect(wrong(report.findings)).toEqual([
      expect.objectContaining({ check: 'rows', place: january, what: 'time of a row', expected: 'of 2024-01' }),
    ]);
  });

  test.each<[string, (manifest: Json) => void]>([
    ['conflicts', (m) => ((m['report'] as Json)['conflicts'] = 3)],
    ['conflictSamples', (m) => Object.assign(m['report'] as Json, { conflicts: 1, conflictSamples: [{}] })],
    ['duplicates', (m) => ((m['report'] as Json)['duplicates'] = 999)],
    ['missing', (m) => ((m['report'] as Json)['missing'] = 3)],
    ['firstMs', (m) => ((m['report'] as Json)['firstMs'] = FIRST)],
    ['carry', (m) => (m['carry'] = '{}')],
    ['before', (m) => (m['before'] = '0'.repeat(64))],
    ['inputs, one less', (m) => (m['inputs'] = (m['inputs'] as string[]).slice(1))],
    ['inputs, one superseded', (m) => (m['superseded'] = (m['inputs'] as string[]).slice(0, 1))],
    ['inputs of another stream', (m) => (m['inputs'] as string[]).push('landing/streams/x.receipt.json')],
  ])('its manifest has another %s', async (_, change) => {
    const report = await forged('open_interest', change);
    // With an input less there is one that landed since: the next run takes it in.
    expect(report.counts.wrong + report.counts.note).toBeGreaterThan(0);
    if (_ !== 'inputs, one less') expect(report.clean).toBe(false);
  });

  test('what it hands on, the state of a whole market, has another digit: told is where, not all of it', async () => {
    const key = firstOf('manifests/streams/', '/instruments/');
    const { carry } = JSON.parse(Buffer.from(clean.objects.get(key)!).toString()) as StreamManifest;
    expect(carry.length).toBeGreaterThan(1000);
    const { findings } = await forged('instruments', (m) => (m['carry'] = carry.replace(/\d(?=\D*$)/, 'x')));
    const [finding] = wrong(findings);
    expect(wrong(findings)).toHaveLength(1);
    expect(finding).toMatchObject({ check: 'rebuild', place: key, found: expect.stringMatching(/^….*x/) });
    expect(finding!.expected).not.toBe(finding!.found);
    expect(Math.max(finding!.expected.length, finding!.found.length)).toBeLessThan(400);
  });

  test('a receipt says another time of fetching: nothing of the table depends on it', async () => {
    const key = firstOf('landing/streams/funding/', 'archive_monthly', '.receipt.json');
    const report = await audited(await damaged((store) => rewrite(store, key, withField('fetchedAtMs', FIRST + 1))));
    expect(report.findings).toEqual([]);
  });

  test.each<[string, unknown]>([
    ['stream', { name: 'funding', market: 'um', symbol: 'ETHUSDT' }],
    ...FALSE_FIELDS,
    ['url', 'https://example.org/data/BTCUSDT-fundingRate-2023-01.zip'],
  ])('a receipt has another %s', async (field, value) => {
    const key = firstOf('landing/streams/funding/', 'archive_monthly', '.receipt.json');
    const report = await audited(await damaged((store) => rewrite(store, key, withField(field, value))));
    expect(wrong(report.findings)).toEqual([expect.objectContaining({ check: 'landing', place: key })]);
  });

  test.each([
    ['seenAtMs', 7],
    ['part', 'funding_info'],
    ['contentSha256', 'b'.repeat(64)],
    ['sha256', 'b'.repeat(64)],
    ['bytesKey', 'landing/streams/instruments/x.json'],
    ['sizeBytes', 5],
  ])('a sighting has another %s', async (field, value) => {
    const key = firstOf('landing/streams/instruments/', 'exchange_info', '.receipt.json');
    const report = await audited(await damaged((store) => rewrite(store, key, withField(field, value))));
    expect(wrong(report.findings)).toEqual([expect.objectContaining({ check: 'landing', place: key })]);
  });
});

describe('repair', () => {
  test('then a run: every byte as in a lake that nothing happened to', async () => {
    const spoilt = [...OBJECTS.map(([, texts]) => bytesWith(texts)), firstOf(...MANIFESTS[1]![1])];
    const lake = await damaged(async (store) => {
      for (const key of spoilt) await rewrite(store, key, flip(100));
    });
    const found = await audited(lake, { repair: true });
    expect(found.counts.wrong).toBeGreaterThanOrEqual(spoilt.length);
    // Six of the archive and REST, and the two parts of the snapshot, which the exchange still says.
    expect(found.repaired).toEqual({ shards: 4, kept: 0, landed: 6 });
    await refineAll(lake);
    expect(contentsOf(lake.store)).toEqual(contentsOf(clean));
    expect((await lake.audit()).findings).toEqual([]);
  });

  test('says what is lost: a file that is another now, and the receipt of a sighting', async () => {
    const [zip, sighting] = [bytesWith(OBJECTS[4]![1]), firstOf('part=exchange_info', '.receipt.json')];
    const lake = await damaged(async (store) => {
      await rewrite(store, zip, flip(80));
      remove(store, sighting);
    });
    exchange.faults.add({ kind: 'corrupt_zip', checksumAgrees: true, match: 'metrics' });
    const report = await audited(lake, { repair: true });
    const lost = wrong(report.findings).filter(({ remedy }) => remedy.startsWith('lost'));
    expect(lost.map(({ place, found }) => [place, found])).toEqual([
      [sighting, 'not there'],
      [zip, 'the exchange has other bytes now'],
    ]);
    expect(report.repaired.landed).toBe(0);
  });

  test('without it nothing in the lake changes', async () => {
    const lake = await damaged((store) => rewrite(store, bytesWith(OBJECTS[1]![1]), flip(400)));
    const before = contentsOf(lake.store);
    expect((await lake.audit()).clean).toBe(false);
    expect(contentsOf(lake.store)).toEqual(before);
  });
});

test('a rewritten file is found by its checksum and lands; the next run takes it, and keeps both values', async () => {
  const lake = await damaged();
  const fresh = await startExchange({ nowMs: nowMs + HOUR_MS });
  try {
    fresh.history.rewrite('BTCUSDT-metrics-2024-01-31.zip', nowMs + 1, (rows) =>
      rows.map((row) => row.replace(/^(2024-01-31 12:00:00,BTCUSDT),[^,]+/, '$1,7.5')),
    );
    const later = auditedLake(fresh, lake.store, 'code');
    const report = await later.audit();
    expect(report.findings).toEqual([
      expect.objectContaining({
        check: 'revisions',
        severity: 'differs',
        series: 'open_interest um/BTCUSDT',
        place: firstOf('/2024-01-31/', 'open_interest', '.zip'),
      }),
    ]);
    await refineStream(
      { runId: 'run', stream: STREAMS[3]! },
      { store: later.store, clock: { nowMs: () => 0 }, codeHash: 'code' },
    );
    const again = await later.audit();
    expect(again).toMatchObject({ clean: true, counts: { wrong: 0, differs: 0, note: 1 } });
    expect(again.findings[0]).toMatchObject({ check: 'rows', expected: 'sum_open_interest 7.5 (archive_daily)' });
  } finally {
    await fresh.close();
  }
});

describe('a file that landed as it was published and cannot be read', () => {
  const FILE = 'BTCUSDT-metrics-2024-01-31.zip';
  let store: MemoryStore;
  beforeAll(async () => {
    exchange.faults.add({ kind: 'truncated_zip', checksumAgrees: true, match: FILE });
    const lake = workflowLake(() => exchange);
    expect(await lake.run(REQUEST)).toMatchObject({ complete: false, failures: [{ error: 'CorruptObject' }] });
    store = await damagedCopy(lake.store, removeCandles);
  });
  beforeEach(() => exchange.faults.add({ kind: 'truncated_zip', checksumAgrees: true, match: FILE }));

  test('is noted and nothing else: its shards are made again to the same bytes and reports', async () => {
    const lake = lakeOf(await damagedCopy(store));
    const report = await lake.audit();
    expect(report).toMatchObject({ clean: true, counts: { wrong: 0, differs: 0, note: 1 }, unaudited: [] });
    expect(report.findings).toEqual([
      expect.objectContaining({
        ...{ check: 'rows', series: 'open_interest um/BTCUSDT', place: '2024-01' },
        found: expect.stringContaining(`${FILE} is not a whole zip`),
      }),
    ]);
    // Nothing is there to repair, and the next run has nothing to do.
    const before = contentsOf(lake.store);
    expect(await lake.audit({ repair: true })).toMatchObject({ clean: true, repaired: { shards: 0, landed: 0 } });
    const refined = await refineStream(
      { runId: 'run', stream: STREAMS[3]! },
      { store: lake.store, clock: { nowMs: () => 0 }, codeHash: 'code' },
    );
    expect(refined.recomputed).toBe(0);
    expect(contentsOf(lake.store)).toEqual(before);
  });

  test.each<[string, (report: Json) => void]>([
    ['it less', (report) => delete report['unreadable']],
    ['it in other words', (report) => ((report['unreadable'] as Json[])[0]!['message'] = 'all is well')],
    ['no message of it', (report) => delete (report['unreadable'] as Json[])[0]!['message']],
    ['nothing that is a list', (report) => (report['unreadable'] = {})],
  ])('whose shard has a report with %s is found', async (_, spoil) => {
    const key = 'manifests/streams/open_interest/market=um/symbol=BTCUSDT/period=2024-01/manifest.json';
    const change = edited((manifest) => spoil(manifest['report'] as Json));
    const report = await audited(lakeOf(await damagedCopy(store, (copy) => rewrite(copy, key, change))));
    expect(wrong(report.findings).map(({ place }) => place)).toEqual([key]);
  });

  test('and was damaged since, is damaged: the bytes that landed are the evidence', async () => {
    const key = [...store.objects.keys()].find((one) => one.includes('/2024-01-31/') && one.endsWith('.zip'))!;
    const report = await audited(lakeOf(await damagedCopy(store, (copy) => rewrite(copy, key, flip(100)))));
    expect(wrong(report.findings).map(({ place }) => place)).toEqual([key]);
  });
});

test('shards that other code made are not made again to compare, which is noted', async () => {
  const { store } = await damaged();
  const report = await auditedLake(exchange, store, 'other code').audit({ offline: true });
  expect(report.clean).toBe(true);
  expect(report.findings.map(({ check, severity, what }) => [check, severity, what])).toEqual(
    STREAMS.map(() => ['rebuild', 'note', 'shards made by other code, and so not made again here']),
  );
});

test('a shard that a run replaces while it is checked is looked at again', async () => {
  const key = firstOf('manifests/streams/funding');
  const lake = await damaged((store) => store.put(key, Buffer.from('null\n')));
  const { sleep } = lake.clock;
  Object.assign(lake.clock, {
    sleep: async (ms: number) => {
      await lake.store.put(key, clean.objects.get(key)!);
      await sleep(ms);
    },
  });
  expect((await audited(lake)).findings).toEqual([]);
  expect(lake.clock.pauses).toEqual([10_000]);
});

test('an audit of symbols lists their streams, an audit of an interval lists mark candles', async () => {
  const lake = await damaged();
  expect(await audited(lake, { symbols: ['BTCUSDT'] })).toMatchObject({ streams: 3 });
  expect(await audited(lake, { interval: '4h' })).toMatchObject({ streams: 1 });
  await expect(audited(lake, { symbols: ['ETHUSDT'] })).rejects.toThrow('holds no series of ETHUSDT');
});
