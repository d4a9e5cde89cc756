import fc from 'fast-check';
import type { Series } from '../../../lib/domain/series.ts';
import { type Exchange, startExchange } from '../../../lib/exchange/simulated/exchange.ts';
import { TABLE } from '../../../lib/features/table.ts';
import type { AuditReport } from '../../../lib/lake/audit/contract.ts';
import { parseKeptKey, parseVersionKey, receiptKeyBeside } from '../../../lib/lake/keys.ts';
import type { MemoryStore } from '../../../lib/lake/memory-store.ts';
import { auditedLake } from '../../support/audited-lake.ts';
import { type Damage, damagedCopy, flip, remove, rewrite } from '../../support/damage.ts';
import { contentsOf } from '../../support/store.ts';

const NOW = Date.parse('2024-02-03T10:07:00Z');
const SERIES: Series = { market: 'um', symbol: 'BTCUSDT', interval: '4h' };
const CHUNKS = [
  ['archive_monthly', '2023-12'],
  ['archive_monthly', '2024-01'],
] as const;

let exchange: Exchange;
/** A lake of two shards of two versions each: a file of the first was rewritten. */
let revised: MemoryStore;

beforeAll(async () => {
  exchange = await startExchange({ nowMs: NOW });
  const lake = auditedLake(exchange, undefined, undefined, TABLE);
  await lake.run(SERIES, CHUNKS);
  exchange.faults.add({ kind: 'restated_rows', match: 'BTCUSDT-4h-2023-12.zip' });
  // What the audit finds lands, and stands once it is the newer.
  lake.clock.sleep(1);
  await lake.audit({ sample: 0 });
  await lake.run(SERIES);
  revised = lake.store;
});
afterAll(() => exchange.close());

async function damaged(damage?: Damage) {
  return auditedLake(exchange, await damagedCopy(revised, damage), undefined, TABLE);
}

const records = () => [...revised.objects.keys()].filter((key) => parseVersionKey(key));
const kept = () => [...revised.objects.keys()].filter((key) => parseKeptKey(key));
const places = ({ findings }: AuditReport) =>
  findings.filter(({ severity }) => severity === 'wrong').map(({ check, place }) => [check, place]);

test('versions as they were published are no finding, and neither is what was pruned of them', async () => {
  const whole = await (await damaged()).audit({ offline: true });
  expect(places(whole)).toEqual([]);
  expect([records().length, kept().length]).toEqual([4, 5]);
  const pruned = await damaged((store) => kept().forEach((key) => void remove(store, key)));
  const left = await pruned.audit({ offline: true });
  expect(places(left)).toEqual([]);
  expect(whole.objects - left.objects).toBe(5);
});

test('a flipped bit is found, wherever it is, in a kept table and in the record of a version', async () => {
  const keys = [...records(), ...kept()];
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...keys), fc.double({ min: 0, max: 1, noNaN: true }), async (key, part) => {
      const at = Math.floor(part * (revised.objects.get(key)!.length - 1));
      const lake = await damaged((store) => rewrite(store, key, flip(at)));
      const found = places(await lake.audit({ offline: true }));
      expect(found).toEqual([['versions', key]]);
    }),
    { numRuns: 40 },
  );
});

test('a record that is gone is missed by its successor or the next shard, as are the names of its tables', async () => {
  const [first, last] = [records()[0]!, records().at(-1)!];
  const { manifest12 } = parseVersionKey(first)!;
  const found = places(await (await damaged((store) => remove(store, first))).audit({ offline: true }));
  const folder = first.slice(0, first.lastIndexOf('/') + 1);
  const orphans = kept().filter((key) => parseKeptKey(key)!.manifestSha256.startsWith(manifest12));
  // Replaced by the second of the year, gone on from by the first of the next.
  const missed = [folder, folder, ...orphans].map((place) => ['versions', place]);
  expect([...found].sort()).toEqual(missed.sort());
  expect(orphans).toHaveLength(4);
  // The last has no successor: the manifest that stands is of none that is recorded.
  const standing = places(await (await damaged((store) => remove(store, last))).audit({ offline: true }));
  expect(standing).toEqual([['manifests', expect.stringContaining('period=2024/manifest.json')]]);
});

test('what an earlier version was made from and is gone is noted', async () => {
  const [older] = [...revised.objects.keys()].filter((key) => key.includes('/2023-12/') && key.endsWith('.zip'));
  const lake = await damaged((store) => {
    for (const key of [older!, receiptKeyBeside(older!)]) remove(store, key);
  });
  // The shard goes on without it.
  await lake.run(SERIES);
  const { clean, findings } = await lake.audit({ offline: true });
  expect(clean).toBe(true);
  expect(findings.filter(({ check }) => check === 'landing')).toEqual([
    expect.objectContaining({ severity: 'note', place: older, found: 'not there' }),
  ]);
});

test('a damaged record of the version that stands: removed by hand, it is recorded again', async () => {
  const last = records().at(-1)!;
  const lake = await damaged((store) => rewrite(store, last, flip(500)));
  const { findings } = await lake.audit({ offline: true });
  expect(findings.find(({ place }) => place === last)!.remedy).toContain('remove it by hand; npx lake audit --repair');
  remove(lake.store, last);
  await lake.audit({ offline: true, repair: true });
  await lake.run(SERIES);
  expect(places(await lake.audit({ offline: true }))).toEqual([]);
});

test('a current shard without a record is named, and the next run after a repair records it', async () => {
  const folder = records()
    .at(-1)!
    .slice(0, records().at(-1)!.lastIndexOf('/') + 1);
  const lake = await damaged((store) => {
    for (const key of [...store.objects.keys()]) if (key.startsWith(folder)) remove(store, key);
  });
  const { findings, repaired } = await lake.audit({ offline: true, repair: true });
  const wrong = findings.filter(({ severity }) => severity === 'wrong');
  expect(wrong.map(({ place, what }) => [place, what])).toEqual([
    [expect.stringContaining('period=2024/manifest.json'), 'record of the version that stands'],
  ]);
  expect(repaired.shards).toBe(1);
  await lake.run(SERIES);
  expect(places(await lake.audit({ offline: true }))).toEqual([]);
  expect([...lake.store.objects.keys()].filter((key) => key.startsWith(folder) && parseVersionKey(key))).toHaveLength(
    1,
  );
});

test('a shard that was published and is gone is missed, also the last; the next run makes it again', async () => {
  const lake = await damaged((store) => {
    for (const key of [...store.objects.keys()])
      if (/^(candles|features|labels|gaps|checkpoints|manifests)\/.*period=2024/.test(key)) remove(store, key);
  });
  expect(places(await lake.audit({ offline: true }))).toEqual([
    ['manifests', expect.stringContaining('period=2024/manifest.json')],
  ]);
  await lake.run(SERIES);
  expect(contentsOf(lake.store)).toEqual(contentsOf(revised));
});

test('what is neither a record nor a table of a version does not belong there', async () => {
  const key = `${records()[0]!.slice(0, -5)}.txt`;
  const lake = await damaged((store) => store.put(key, Buffer.from('x')));
  expect(places(await lake.audit({ offline: true }))).toEqual([['versions', key]]);
});

test('repair makes damaged tables of versions again, to the very bytes; what is lost is named', async () => {
  const [one, other] = [kept()[1]!, kept().at(-1)!];
  const lake = await damaged(async (store) => {
    await rewrite(store, one, flip(500));
    await rewrite(store, other, (bytes) => bytes.subarray(0, 100));
  });
  const report = await lake.audit({ offline: true, repair: true });
  expect([places(report).length, report.repaired]).toEqual([2, { shards: 0, kept: 2, landed: 0 }]);
  expect(contentsOf(lake.store)).toEqual(contentsOf(revised));

  const zip = [...revised.objects.keys()].find((key) => key.includes('/2023-12/') && key.endsWith('.zip'))!;
  const lost = await damaged(async (store) => {
    await rewrite(store, one, flip(500));
    await rewrite(store, zip, flip(500));
  });
  const said = await lost.audit({ offline: true, repair: true });
  expect(said.repaired.kept).toBe(0);
  const finding = said.findings.find(({ what }) => what === 'kept table made again')!;
  expect(finding).toMatchObject({ place: one, found: expect.stringContaining('expected that of its name') });
  expect(finding.remedy).toContain('remove it by hand');
});
