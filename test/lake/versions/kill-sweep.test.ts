import { sha256 } from '../../../lib/domain/sha256.ts';
import { TABLES } from '../../../lib/domain/tables.ts';
import { lakeAsOf } from '../../../lib/lake/as-of/lake-as-of.ts';
import { readVersionTable } from '../../../lib/lake/as-of/version-table.ts';
import { tableKey } from '../../../lib/lake/keys.ts';
import { type MemoryStore, memoryStore } from '../../../lib/lake/memory-store.ts';
import { refine } from '../../../lib/lake/refine/refine.ts';
import { listHistories, versionOf } from '../../../lib/lake/versions/shard-history.ts';
import type { ObjectStore } from '../../../lib/ports.ts';
import { SWEEP_STEP, saySwept } from '../../chaos/sweep-step.ts';
import { candleRow } from '../../support/candles.ts';
import { landAll, landedObject, type SeriesAnswer } from '../../support/landing.ts';
import { btc, page } from '../../support/refined-lake.ts';

const SERIES = btc('12h');
const FIRST = [page('12h', '2021-12-20T00:00Z', 24), page('12h', '2022-01-01T00:00Z', 60)];
/** A candle of 2021 restated, one of 2022, and more of 2022. */
const NEWS: SeriesAnswer[] = [
  { source: 'archive_daily', rows: [candleRow('12h', Date.parse('2021-12-24T00:00Z'), 99)] },
  { source: 'archive_daily', rows: [candleRow('12h', Date.parse('2022-01-10T12:00Z'), 99)] },
  page('12h', '2022-02-01T00:00Z', 4),
];
/** Of code that cannot make any version again, so that each has to be there. */
const OTHER_CODE = 'code 2';
const OLD_MS = Date.parse('2026-01-01T00:00Z');
const NEW_MS = Date.parse('2026-02-01T00:00Z');

async function land(store: ObjectStore, answers: readonly SeriesAnswer[]): Promise<void> {
  await landAll(store, await Promise.all(answers.map((answer) => landedObject({ series: SERIES, ...answer }))));
}

function run(store: ObjectStore, nowMs: number) {
  const world = { store, clock: { nowMs: () => nowMs }, codeHash: 'code 1', outOfTime: () => false };
  return refine({ runId: `run of ${nowMs}`, series: SERIES }, world);
}

let lakeBefore: () => Promise<MemoryStore>;
beforeAll(async () => {
  const first = memoryStore();
  await land(first, FIRST);
  await run(first, OLD_MS);
  lakeBefore = async () => {
    const store = memoryStore();
    for (const [key, bytes] of first.objects) await store.put(key, bytes);
    return store;
  };
});

/** sha256 of every table in place. */
function tablesOf(store: MemoryStore): Record<string, string> {
  const keys = ['2021', '2022'].flatMap((period) => TABLES.map((table) => tableKey(table, SERIES, period)));
  return Object.fromEntries(keys.map((key) => [key, sha256(store.objects.get(key)!)]));
}

/** sha256 of every table as of an instant. */
async function tablesAsOf(store: ObjectStore, asOfMs: number, codeHash = OTHER_CODE): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const shard of await lakeAsOf(store, asOfMs, asOfMs)) {
    for (const table of TABLES) {
      const bytes = await readVersionTable(store, shard, table, codeHash);
      found[tableKey(table, SERIES, shard.history.period)] = sha256(bytes);
    }
  }
  return found;
}

/** Versions of which a table is not available. */
async function lostVersions(store: ObjectStore, codeHash = OTHER_CODE): Promise<string[]> {
  const lost: string[] = [];
  for (const history of await listHistories(store)) {
    for (const [index, id] of history.versions.entries()) {
      const version = await versionOf(store, id);
      for (const table of TABLES) {
        await readVersionTable(store, { history, index, version }, table, codeHash).catch((error: Error) =>
          lost.push(error.message),
        );
      }
    }
  }
  return lost;
}

test('killed before any put, a revision loses no version and records none that is not there', async () => {
  const undisturbed = await lakeBefore();
  const old = tablesOf(undisturbed);
  await land(undisturbed, NEWS);
  const puts = await putsOf(undisturbed);
  const renewed = tablesOf(undisturbed);
  expect(await tablesAsOf(undisturbed, OLD_MS)).toEqual(old);
  // Of two shards the tables kept, the claim, tables, checkpoint, list of files, version and manifest; and then the
  // report and what refine remembers of the landed objects.
  expect(puts).toHaveLength(2 * (TABLES.length + 1 + TABLES.length + 4) + 2);

  let goneOn = 0;
  for (let done = 0; done <= puts.length; done++) {
    const store = await lakeBefore();
    await land(store, NEWS);
    for (const [key, bytes] of puts.slice(0, done)) await store.put(key, bytes);
    // As it lies there, and once more after a clean run.
    expect(await tablesAsOf(store, OLD_MS)).toEqual(old);
    expect(await lostVersions(store)).toEqual([]);
    if (done % SWEEP_STEP !== 1 % SWEEP_STEP) continue;
    goneOn++;
    await run(store, NEW_MS + 1000);
    expect(tablesOf(store)).toEqual(renewed);
    expect(await tablesAsOf(store, OLD_MS)).toEqual(old);
    expect(await tablesAsOf(store, NEW_MS + 1000)).toEqual(renewed);
    expect(await reasonsOf(store)).toEqual([
      ['2021', 'created', 'revised'],
      ['2022', 'created', 'earlier_revised'],
    ]);
  }
  saySwept('states of a lake that a killed revision leaves, gone on from', goneOn);
});

/**
 * The puts of a run, in order. A run that is killed before its n-th put leaves the first n − 1 of these. Reads change
 * nothing, so no other state can be left.
 */
async function putsOf(store: MemoryStore): Promise<[key: string, bytes: Uint8Array][]> {
  const puts: [string, Uint8Array][] = [];
  const noting: ObjectStore = {
    ...store,
    async put(key, bytes, condition) {
      const tag = await store.put(key, bytes, condition);
      puts.push([key, Uint8Array.from(bytes)]);
      return tag;
    },
  };
  await run(noting, NEW_MS);
  return puts;
}

async function reasonsOf(store: ObjectStore): Promise<string[][]> {
  const reasons = (await listHistories(store)).map(async ({ period, versions }) => [
    period,
    ...(await Promise.all(versions.map(async (id) => (await versionOf(store, id)).reason))),
  ]);
  return Promise.all(reasons);
}

test('overtaken at any put by a run with newer data, no version is lost', async () => {
  const undisturbed = await lakeBefore();
  const old = tablesOf(undisturbed);
  await land(undisturbed, NEWS);
  await run(undisturbed, NEW_MS);
  const renewed = tablesOf(undisturbed);
  let tried = 0;
  for (const [slowNews, betterNews] of [
    [NEWS.slice(0, 1), NEWS.slice(1)],
    [NEWS.slice(1), NEWS.slice(0, 1)],
  ] as const) {
    // The two of them begin at another.
    for (let overtakenAt = slowNews.length, overtaken = true; overtaken; overtakenAt += SWEEP_STEP) {
      tried++;
      const store = await lakeBefore();
      await land(store, slowNews);
      overtaken = false;
      let puts = 0;
      const slow: ObjectStore = {
        ...store,
        async put(key, bytes, condition) {
          if (++puts === overtakenAt && !key.startsWith('runs/')) {
            overtaken = true;
            await land(store, betterNews);
            await run(store, NEW_MS + 1000);
          }
          return store.put(key, bytes, condition);
        },
      };
      await run(slow, NEW_MS);
      expect(await tablesAsOf(store, OLD_MS)).toEqual(old);
      if (overtaken) expect(tablesOf(store)).toEqual(renewed);
      // Of two that put theirs over each other's, one is made again from what had landed.
      expect(await lostVersions(store, 'code 1')).toEqual([]);
    }
  }
  saySwept('runs overtaken at a put', tried);
});
