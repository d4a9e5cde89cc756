import { readManifest } from '../../../lib/lake/manifest/manifest.ts';
import {
  FUNDING,
  landAnswer,
  OPEN_INTEREST,
  oiRow,
  refineIn,
  rowsOf,
  STEP,
  type StreamLake,
  streamLake,
} from '../../support/stream-lake.ts';

/** Returns the times at which the inputs of a shard landed, in the order of landing. */
async function inputsOf(lake: StreamLake, stream: typeof FUNDING, period: string): Promise<number[]> {
  const { inputs } = (await readManifest(lake, stream, period))!;
  const receipts = inputs.map((key) => JSON.parse(Buffer.from(lake.objects.get(key)!).toString()));
  return receipts.map(({ fetchedAtMs }): number => fetchedAtMs).sort((a, b) => a - b);
}

describe('a column that an answer lacks', () => {
  const dueMs = Date.parse('2020-01-10T08:00Z');
  const land = (lake: StreamLake, fetchedAtMs: number, markPrice: string) =>
    landAnswer(lake, {
      ...{ stream: FUNDING, source: 'rest', fetchedAtMs },
      range: { fromMs: dueMs, toMs: dueMs + 3_600_000 },
      body: JSON.stringify([{ fundingTime: dueMs, fundingRate: '0.0001', markPrice }]),
    });

  test('keeps it not from being contained in a later answer that has the column', async () => {
    const lake = streamLake();
    await land(lake, 1, '');
    await land(lake, 2, '8000.5');
    await refineIn(lake, FUNDING);
    expect(await inputsOf(lake, FUNDING, '2020')).toEqual([2]);
    expect(await rowsOf(lake, 'funding')).toMatchObject([{ mark_price: 8000.5 }]);
  });

  test('keeps a later answer from containing one that has the column', async () => {
    const lake = streamLake();
    await land(lake, 1, '8000.5');
    await land(lake, 2, '');
    await refineIn(lake, FUNDING);
    expect(await inputsOf(lake, FUNDING, '2020')).toEqual([1, 2]);
    expect(await rowsOf(lake, 'funding')).toMatchObject([{ mark_price: 8000.5 }]);
  });
});

test('two answers that differ in February alone are both inputs of February, and one is of January', async () => {
  const lake = streamLake();
  const turnMs = Date.parse('2024-02-01');
  const range = { fromMs: turnMs - 2 * STEP, toMs: turnMs + 3 * STEP };
  const land = (fetchedAtMs: number, last: number) => {
    const rows = [-2, -1, 0, 1, 2].map((step) => oiRow(turnMs + step * STEP, step === 2 ? last : 1));
    return landAnswer(lake, { stream: OPEN_INTEREST, source: 'rest', range, body: JSON.stringify(rows), fetchedAtMs });
  };
  await land(1, 5);
  await land(2, 6);
  await refineIn(lake, OPEN_INTEREST);
  expect(await inputsOf(lake, OPEN_INTEREST, '2024-01')).toEqual([2]);
  expect(await inputsOf(lake, OPEN_INTEREST, '2024-02')).toEqual([1, 2]);
});
