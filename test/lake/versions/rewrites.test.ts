import fc from 'fast-check';
import { parseDatasetRequest } from '../../../lib/dataset/dataset-request.ts';
import { describeDataset } from '../../../lib/dataset/describe-dataset.ts';
import { identify } from '../../../lib/dataset/identify.ts';
import { verify } from '../../../lib/dataset/verify.ts';
import type { Source } from '../../../lib/domain/chunk.ts';
import { sha256 } from '../../../lib/domain/sha256.ts';
import { TABLES } from '../../../lib/domain/tables.ts';
import type { TimeRange } from '../../../lib/domain/time-range.ts';
import { rebuildVersion } from '../../../lib/lake/as-of/rebuild.ts';
import { failureKey } from '../../../lib/lake/keys.ts';
import { type MemoryStore, memoryStore as memoryScratch, memoryStore } from '../../../lib/lake/memory-store.ts';
import { refine } from '../../../lib/lake/refine/refine.ts';
import { recordDataset } from '../../../lib/lake/versions/dataset-record.ts';
import { listHistories, versionOf } from '../../../lib/lake/versions/shard-history.ts';
import { encodeTable } from '../../../lib/parquet/encode-table.ts';
import { candleRow } from '../../support/candles.ts';
import { landAll, landedObject, tell } from '../../support/landing.ts';
import { btc } from '../../support/refined-lake.ts';
import { at } from '../../support/time.ts';

const SERIES = btc('12h');

const HALF_DAY_MS = 43_200_000;

/**
 * Files of three shards, and REST answers over them. Some lie over others, one spans the end of a year, one year is
 * apart.
 */
const FILES: readonly { readonly source: Source; readonly range: TimeRange }[] = [
  { source: 'archive_monthly', range: { fromMs: at('2021-12-01'), toMs: at('2022-01-01') } },
  { source: 'archive_daily', range: { fromMs: at('2021-12-30'), toMs: at('2021-12-31') } },
  { source: 'archive_daily', range: { fromMs: at('2022-01-02'), toMs: at('2022-01-03') } },
  { source: 'archive_monthly', range: { fromMs: at('2022-01-01'), toMs: at('2022-02-01') } },
  { source: 'archive_daily', range: { fromMs: at('2024-02-03'), toMs: at('2024-02-04') } },
  { source: 'rest', range: { fromMs: at('2021-12-28'), toMs: at('2022-01-04') } },
  { source: 'rest', range: { fromMs: at('2021-12-30T12:00Z'), toMs: at('2022-01-02') } },
];

/** The forms of a file: whole, with another candle, with a candle less. REST may have nothing. */
const CONTENTS = ['whole', 'restated', 'lacking', 'other'] as const;
type Content = (typeof CONTENTS)[number];

function rowsOf({ source, range }: (typeof FILES)[number], content: Content): string[] {
  const rows: string[] = [];
  for (let timeMs = range.fromMs, row = 0; timeMs < range.toMs; timeMs += HALF_DAY_MS, row++) {
    if (content === 'lacking' && (source === 'rest' || row === 1)) continue;
    rows.push(candleRow('12h', timeMs, content === 'other' || (content === 'restated' && row === 0) ? 2 : 1));
  }
  return rows;
}

const ends = fc.constantFrom('2022-01-01', '2022-01-20T06:00Z', '2025-01-01');

/** Something that happens to one of a few files: mostly it lands in one of its forms, now and then again. */
const eventOf = (files: readonly number[]) => {
  const file = fc.constantFrom(...files);
  const content = fc.constantFrom<Content>('whole', 'whole', 'restated', 'restated', 'lacking', 'other');
  return fc.oneof(
    { weight: 10, arbitrary: fc.record({ file, content }) },
    { weight: 1, arbitrary: fc.record({ failed: file }) },
    { weight: 1, arbitrary: fc.record({ settled: ends }) },
  );
};

/** An event, and whether a run sees it before the next. */
const history = fc
  .shuffledSubarray([...FILES.keys()], { minLength: 2, maxLength: 4 })
  .chain((files) =>
    fc.array(fc.record({ event: eventOf(files), refined: fc.boolean() }), { minLength: 4, maxLength: 9 }),
  );
type History = typeof history extends fc.Arbitrary<infer T> ? T : never;

/** A, B, A, C, A of a month, each seen by a run, and of a day that lies over it. */
const THERE_AND_BACK: History = (['whole', 'restated', 'whole', 'lacking', 'whole'] as const).flatMap((content) =>
  [3, 2].map((file) => ({ event: { file, content }, refined: file === 2 })),
);

/**
 * Two answers of REST over the end of a year, of which the first one lands again, unchanged. The sweep found it: the
 * shard of the first year kept the candle of the other answer, and the shard of the second year did not.
 */
const ANSWERED_AGAIN: History = (['restated', 'whole', 'restated'] as const).map((content, index) => ({
  event: { file: 6, content },
  refined: index > 0,
}));

const BEGIN_MS = at('2026-01-01');

/** Plays a history, a minute a step; after each run the dataset id of all that is there is recorded. */
async function played(steps: History): Promise<{ lake: MemoryStore; ids: string[] }> {
  const lake = memoryStore();
  const ids: string[] = [];
  for (const [index, { event: happened, refined }] of steps.entries()) {
    const nowMs = BEGIN_MS + index * 60_000;
    if ('file' in happened) {
      const file = FILES[happened.file]!;
      const answer = { series: SERIES, ...file, rows: rowsOf(file, happened.content), asOfMs: nowMs };
      await landAll(lake, [await landedObject({ ...answer, fetchedAtMs: nowMs })]);
    } else if ('failed' in happened) {
      const chunk = { series: SERIES, ...FILES[happened.failed]! };
      const record = { ...chunk, asOfMs: nowMs, error: 'CorruptObject', message: 'it has another sha256', atMs: nowMs };
      await lake.put(failureKey(chunk), Buffer.from(JSON.stringify(record)));
    } else {
      await tell({ store: lake, series: SERIES }, { evidence: 'exchange_info', settledMs: at(happened.settled) });
    }
    if (!refined && index < steps.length - 1) continue;
    const world = { store: lake, clock: { nowMs: () => nowMs + 30_000 }, codeHash: 'code 1', outOfTime: () => false };
    await refine({ runId: `run ${index}`, series: SERIES }, world);
    const id = await recordedId(lake);
    if (id !== undefined) ids.push(id);
  }
  return { lake, ids };
}

async function recordedId(lake: MemoryStore): Promise<string | undefined> {
  if ((await lake.list('manifests/')).length === 0) return undefined;
  const request = parseDatasetRequest({ symbols: ['BTCUSDT'], interval: '12h', from: '2021-12-01', to: '2025-01-01' });
  const identity = await identify(request, { store: lake, codeHash: 'code 2' });
  await recordDataset(lake, await describeDataset(identity, { store: lake, codeHash: 'code 2', commit: undefined }));
  return identity.id;
}

test('every published version and dataset id is made again to the same bytes, despite rewritten files', async () => {
  const made = { versions: 0, again: 0, ids: 0 };
  await fc.assert(
    fc.asyncProperty(history, async (steps) => {
      const { lake, ids } = await played(steps);
      for (const { versions } of await listHistories(lake)) {
        for (const id of versions) {
          const version = await versionOf(lake, id);
          const { outputs, inputs } = version.manifest;
          const rebuilt = await rebuildVersion(lake, version);
          const found = await Promise.all(
            TABLES.map(async (table) => sha256((await rebuilt.get(outputs[table].key))!)),
          );
          expect(found).toEqual(TABLES.map((table) => outputs[table].sha256));
          made.versions++;
          if (version.madeFrom!.inputs.some(({ earlierMs }) => earlierMs) && inputs.length > 1) made.again++;
        }
      }
      for (const id of ids) {
        const world = { lake, codeHash: 'code 1', datasetCodeHash: 'code 2', encodeTable };
        expect((await verify(id, { ...world, scratch: memoryScratch() })).differences).toEqual([]);
        made.ids++;
      }
    }),
    { numRuns: process.env['CANDLELAKE_SWEEP'] === 'every' ? 40 : 10, examples: [[THERE_AND_BACK], [ANSWERED_AGAIN]] },
  );
  // It would prove little if nothing had been put back.
  expect(made.versions).toBeGreaterThan(20);
  expect(made.again).toBeGreaterThanOrEqual(3);
  expect(made.ids).toBeGreaterThan(15);
});
