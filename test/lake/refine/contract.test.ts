import { REFINE_ITEM, type RefineItem } from '../../../lib/lake/refine/contract.ts';

const SERIES = { market: 'um', symbol: 'BTCUSDT', interval: '12h' };

test.each<[what: string, event: unknown, item: unknown]>([
  ['a series', { runId: 'r', series: SERIES }, { runId: 'r', series: SERIES }],
  [
    'the result of the invocation before, without its counts',
    { runId: 'r', series: SERIES, done: false, cursor: '2022', made: ['2021'], shards: 1, recomputed: 1 },
    { runId: 'r', series: SERIES, cursor: '2022', made: ['2021'] },
  ],
  [
    'a stream',
    { runId: 'r', stream: { name: 'funding', market: 'um', symbol: 'BTCUSDT' } },
    { runId: 'r', stream: { name: 'funding', market: 'um', symbol: 'BTCUSDT' } },
  ],
])('REFINE_ITEM accepts %s', (_, event, item) => {
  const parsed: RefineItem = REFINE_ITEM.parse(event);
  expect(parsed).toEqual(item);
});

test.each<[what: string, event: unknown]>([
  ['an event without a series or a stream', { runId: 'r' }],
  ['a run id that leaves its folder', { runId: '../r', series: SERIES }],
  ['an unknown interval', { runId: 'r', series: { ...SERIES, interval: '7m' } }],
  ['a symbol that is not one', { runId: 'r', series: { ...SERIES, symbol: 'a/b' } }],
  ['an unknown stream', { runId: 'r', stream: { name: 'trades', market: 'um' } }],
  ['a cursor that is not text', { runId: 'r', series: SERIES, cursor: 7 }],
])('REFINE_ITEM refuses %s', (_, event) => {
  expect(REFINE_ITEM.safeParse(event).success).toBe(false);
});
