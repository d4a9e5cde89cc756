import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sliceCandles } from '../../lib/domain/candles.ts';
import { isoTime } from '../../lib/domain/time-range.ts';
import { sampleCandles } from '../support/candles.ts';
import { temporaryFolder } from '../support/folder.ts';
import { parquetHashes } from '../support/parquet.ts';
import { publishCandles } from '../support/published-lake.ts';
import { makePackOf } from './make-pack.ts';

const SERIES = { market: 'um', symbol: 'BTCUSDT', interval: '1h' } as const;
const [FIRST, LAST, HELD] = [300, 700, 800] as const;

/** The lake of the first so many candles, with one of them at other prices and volume if it is named. */
async function lakeOf(count: number, revised?: number): Promise<string> {
  const lake = temporaryFolder();
  const candles = sampleCandles('1h', 1000, 'ordinary', 3);
  if (revised !== undefined) {
    const { high, low, close, volume } = candles;
    high[revised] = high[revised]! * 1.3;
    [low[revised], close[revised], volume[revised]] = [
      low[revised]! * 0.7,
      close[revised]! * 1.1,
      volume[revised]! * 2,
    ];
  }
  await publishCandles(lake, SERIES, sliceCandles(candles, 0, count));
  return lake;
}

const { openTimeMs } = sampleCandles('1h', 1000);
const [from, to] = [isoTime(openTimeMs[FIRST]!), isoTime(openTimeMs[LAST]!)];
const REQUEST = { symbols: ['BTCUSDT'], interval: '1h', from, to, folds: 2, embargo: '0' };
const packOf = (lake: string) => makePackOf(lake, REQUEST);

test('the id and every byte of a pack stay the same when candles are added after the rows that it uses', async () => {
  const before = await packOf(await lakeOf(HELD));
  const after = await packOf(await lakeOf(1000));
  expect(after.manifest.id).toBe(before.manifest.id);
  expect(parquetHashes(after.out)).toEqual(parquetHashes(before.out));
  const manifestOf = ({ out }: { out: string }) => readFileSync(join(out, 'manifest.json'), 'utf8');
  expect(manifestOf(after)).toBe(manifestOf(before));
});

test.each([
  ['a candle of the range', 500, 'signal'],
  ['a candle before it, which its features remember', FIRST - 5, 'signal'],
  ['a candle after it, which decides the signal of its last rows', LAST, 'signal'],
  ['a candle after it, which decides nothing but a return of its last rows', LAST + 3, 'fwd_return_5'],
])('%s at other values gives another id', async (_what, row, label) => {
  const request = { ...REQUEST, label };
  const { manifest } = await makePackOf(await lakeOf(HELD), request);
  expect((await makePackOf(await lakeOf(HELD, row), request)).manifest.id).not.toBe(manifest.id);
});

test('a candle at other values that no row of the range looks at gives the same id', async () => {
  const { manifest } = await packOf(await lakeOf(HELD));
  expect((await packOf(await lakeOf(HELD, HELD - 5))).manifest.id).toBe(manifest.id);
});

test('every option of a request is part of the id', async () => {
  const lake = await lakeOf(HELD);
  const requests = [
    {},
    { holdOut: '20%' },
    { holdOut: '3d' },
    { columns: ['rsi_14'], nulls: 'drop' },
    { columns: ['rsi_14', 'rsi_7'] },
    { withUnlabelled: true },
    { columns: ['rsi_14'] },
    { label: 'tb_2_20' },
    { set: 'mlp', nulls: 'keep' },
    { folds: 3 },
  ];
  const ids = new Set<string>();
  for (const more of requests) ids.add((await makePackOf(lake, { ...REQUEST, ...more })).manifest.id);
  expect(ids.size).toBe(requests.length);
});
