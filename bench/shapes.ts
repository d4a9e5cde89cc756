import { CANDLE_COLUMNS, type Candles } from '../lib/domain/candles.ts';
import { candlesOf, INPUTS } from './corpus.ts';

/** Candle shapes that bring kernels to their slow and to their fast paths: rolling extremes, ties, flat windows. */
export const SHAPES = ['seeded', 'rising', 'flat', 'sawtooth'] as const;
export type Shape = (typeof SHAPES)[number];

const ROWS = 44_640;

/** A month of 1m. `seeded` is random as a market is; of the others only prices are made otherwise. */
export async function shapedCandles(shape: Shape): Promise<Candles> {
  const [seeded] = await candlesOf(INPUTS['1 month of 1m']);
  if (shape === 'seeded') return seeded!;
  const price = Float64Array.from({ length: ROWS }, (_, row) => priceOf(shape, row));
  const columns = Object.fromEntries(
    CANDLE_COLUMNS.map((name) => {
      if (name === 'high') return [name, price.map((value) => value * (shape === 'flat' ? 1 : 1.001))];
      if (name === 'low') return [name, price.map((value) => value * (shape === 'flat' ? 1 : 0.999))];
      return [name, name === 'open' || name === 'close' ? price.slice() : seeded![name]];
    }),
  );
  return { length: ROWS, ...columns } as Candles;
}

function priceOf(shape: Exclude<Shape, 'seeded'>, row: number): number {
  if (shape === 'rising') return 20_000 + row * 0.5;
  if (shape === 'flat') return 42_000;
  return 42_000 + 500 * Math.abs((row % 200) - 100);
}
