import type { Chunk } from '../../../lib/domain/chunk.ts';
import type { Series } from '../../../lib/domain/series.ts';
import { inputsAgain } from '../../../lib/lake/plan/inputs-again.ts';
import type { Landed } from '../../../lib/lake/plan/plan-chunks.ts';

const SERIES: Series = { market: 'um', symbol: 'BTCUSDT', interval: '1h' };
const range = (from: string, to: string) => ({ fromMs: Date.parse(from), toMs: Date.parse(to) });
const chunk = (from: string, to: string): Chunk => ({
  ...{ series: SERIES, source: 'rest', range: range(from, to), asOfMs: 0, sizeBytes: 1 },
});
const file = (from: string, to: string): Landed => ({ source: 'archive_monthly', range: range(from, to) }) as Landed;

const YEARS = [file('2023-12-01', '2024-01-01'), file('2024-01-01', '2024-02-01'), file('2024-02-01', '2024-03-01')];

test('a run replaces the candles of the shards that get something new, as far as they have come', () => {
  expect(inputsAgain('1h', YEARS, [chunk('2024-03-01', '2024-03-02')])).toEqual({
    remadeShards: 1,
    replacedCandles: (31 + 29) * 24,
    inputsAgain: 2,
  });
});

test('a run with nothing new replaces nothing, nor does one that makes its first shard', () => {
  const nothing = { remadeShards: 0, replacedCandles: 0, inputsAgain: 0 };
  expect(inputsAgain('1h', YEARS, [])).toEqual(nothing);
  expect(inputsAgain('1h', YEARS, [chunk('2025-01-01', '2025-01-02')])).toEqual(nothing);
});
