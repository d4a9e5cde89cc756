import { existsSync } from 'node:fs';
import type { CandleSource } from '../../lib/exchange/simulated/candle-source.ts';
import { readRecordedSeries } from '../../lib/exchange/simulated/read-recorded-series.ts';
import { recordedCandles } from '../../lib/exchange/simulated/recorded-candles.ts';
import { seededCandles } from '../../lib/exchange/simulated/seeded-candles.ts';
import { recordedFile } from '../support/recorded-data.ts';

const MONTHS = ['2023-05', '2023-06'];
const SYMBOL = 'FILUSDT';

const FILES = MONTHS.map((m) => recordedFile(`futures-um/klines-12col/${SYMBOL}/1m/${SYMBOL}-1m-${m}.csv.gz`));

/** Whether the recorded minutes are here. */
export const RECORDED = FILES.every((file) => existsSync(file));

/** Seeded candles, but FILUSDT's minutes of two months are real ones where the recorded data is there. */
export async function emulatedCandles(): Promise<CandleSource> {
  const seeded = seededCandles();
  if (!RECORDED) return seeded;
  const real = recordedCandles(await Promise.all(FILES.map((file) => readRecordedSeries(file, 'um'))));
  const of = ({ symbol }: { symbol: string }) => (symbol === SYMBOL ? real : seeded);
  return {
    revision: 'seeded, FILUSDT recorded',
    fewFiles: false,
    listings: (market) => seeded.listings(market),
    has: (series, range) => of(series).has(series, range),
    extent: (series) => of(series).extent(series),
    rows: (series, range) => of(series).rows(series, range),
  };
}
