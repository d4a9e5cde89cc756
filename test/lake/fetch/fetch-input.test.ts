import { parseEvent } from '../../../lambdas/parse-event.ts';
import type { Chunk, StreamChunk } from '../../../lib/domain/chunk.ts';
import { FETCH_INPUT } from '../../../lib/lake/fetch/contract.ts';
import { batchChunks, batchHoles, batchStreamChunks } from '../../../lib/lake/plan/batches.ts';
import { DAYS, MONTH, restChunk } from '../../support/fetched-lake.ts';

const REVISION = { lastModifiedMs: Date.parse('2024-03-04T08:30Z'), etag: '"0f"', sizeBytes: 7 };
const CHUNKS: readonly Chunk[] = [
  MONTH,
  { ...DAYS[0]!, revision: REVISION },
  { ...restChunk('2024-03-05', '2024-03-05T06:00Z'), openPageMs: Date.parse('2024-03-05') },
];
const { series: _, ...daily } = DAYS[0]!;
const STREAM_CHUNKS: readonly StreamChunk[] = [
  { stream: { name: 'open_interest', market: 'um', symbol: 'BTCUSDT' }, ...daily, revision: REVISION },
  { stream: { name: 'instruments', market: 'um' }, ...daily, source: 'rest' },
];

/** An item as the map gives it to the Lambda. */
const sent = (item: unknown): unknown => JSON.parse(JSON.stringify(item));

test('the fetch Lambda receives every field that plan wrote, open pages included', () => {
  const candles = batchChunks('r', CHUNKS);
  const streams = batchStreamChunks('r', STREAM_CHUNKS);
  const items = [candles, streams].flatMap(({ archive, rest }) => [...archive, ...rest]);
  expect(items).toHaveLength(5);
  for (const item of [...items, ...batchHoles('r', CHUNKS.slice(1))]) {
    expect(parseEvent(FETCH_INPUT, sent(item))).toEqual(sent(item));
  }
});

test('a field that fetch does not know is refused, not dropped', () => {
  const unknown = { runId: 'r', batch: 'b', chunks: [{ ...MONTH, priority: 1 }] };
  expect(() => parseEvent(FETCH_INPUT, unknown)).toThrow(/^event chunks\.0: .*priority/);
});

test.each([
  [
    'a symbol with a slash',
    { ...MONTH, series: { ...MONTH.series, symbol: '../x' } },
    /^event chunks\.0\.series\.symbol/,
  ],
  ['an unknown source', { ...MONTH, source: 'ftp' }, /^event chunks\.0\.source/],
])('%s is refused by the name of its field', (_name, chunk, message) => {
  expect(() => parseEvent(FETCH_INPUT, { runId: 'r', batch: 'b', chunks: [chunk] })).toThrow(message);
});
