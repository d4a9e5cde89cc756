import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { allocateCandles, type Candles } from '../../lib/domain/candles.ts';

const FOLDER = join(dirname(fileURLToPath(import.meta.url)), 'goldens');
/** Folders of files with one column a shape, and that of the candles themselves. */
type Folder = 'candles' | 'talib' | 'pandas' | 'statistics' | 'patterns';
const FOUR_HOURS_MS = 14_400_000;

/** Names of the files of a folder, without their ending. */
export function goldensIn(folder: Folder): string[] {
  return readdirSync(join(FOLDER, folder))
    .map((file) => file.replace('.csv', ''))
    .sort();
}

/** A golden file as columns; an empty cell is NaN. */
export function readGolden(folder: Folder, name: string): Record<string, number[]> {
  const [head, ...lines] = readFileSync(join(FOLDER, folder, `${name}.csv`), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));
  return Object.fromEntries(
    head!.map((column, i) => [column, lines.map((cells) => (cells[i] === '' ? Number.NaN : Number(cells[i])))]),
  );
}

/** Candles of a shape, 4h apart. */
export function goldenCandles(shape: string): Candles {
  const columns = readGolden('candles', shape);
  const candles = allocateCandles(columns['close']!.length);
  candles.open.set(columns['open']!);
  candles.high.set(columns['high']!);
  candles.low.set(columns['low']!);
  candles.close.set(columns['close']!);
  candles.volume.set(columns['volume']!);
  candles.takerBuyVolume.set(columns['taker_buy_volume']!);
  for (let i = 0; i < candles.length; i++) {
    candles.openTimeMs[i] = i * FOUR_HOURS_MS;
    candles.closeTimeMs[i] = (i + 1) * FOUR_HOURS_MS - 1;
  }
  return candles;
}
