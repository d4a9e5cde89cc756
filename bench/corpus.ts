import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Candles } from '../lib/domain/candles.ts';
import type { Interval } from '../lib/domain/interval.ts';
import type { TimeRange } from '../lib/domain/time-range.ts';
import { decodeCsv } from '../lib/exchange/binance/decode-csv.ts';
import { unzipCsv } from '../lib/exchange/binance/unzip.ts';
import { type Frequency, publishedFiles } from '../lib/exchange/simulated/archive-files.ts';
import { archiveCsv, archiveZip } from '../lib/exchange/simulated/archive-zip.ts';
import { seededCandles } from '../lib/exchange/simulated/seeded-candles.ts';

/** The folder that keeps made input from one run to the next. Other candles or another layout need another version. */
const CACHE = fileURLToPath(new URL('../.cache/bench/archive-1/', import.meta.url));

const SEED = 1;
const FORMAT = { header: 'by_date', spotMicroseconds: 'by_date' } as const;

/** The inputs that are measured: monthly archive files of seeded BTCUSDT futures candles. */
export interface Input {
  readonly interval: Interval;
  readonly range: TimeRange;
}

const Y2024 = { fromMs: Date.UTC(2024, 0, 1), toMs: Date.UTC(2025, 0, 1) };
export const INPUTS = {
  '1 year of 15m': { interval: '15m', range: Y2024 },
  '1 month of 1m': { interval: '1m', range: { fromMs: Date.UTC(2024, 0, 1), toMs: Date.UTC(2024, 1, 1) } },
  '1 year of 1m': { interval: '1m', range: Y2024 },
} as const satisfies Record<string, Input>;
export type InputName = keyof typeof INPUTS;
export const INPUT_NAMES = Object.keys(INPUTS) as InputName[];

export interface ArchiveZip {
  readonly name: string;
  readonly path: string;
  readonly range: TimeRange;
  readonly bytes: Uint8Array;
}

/** The monthly or daily zips of an input, oldest first; the same bytes on every machine. */
export async function archiveZips({ interval, range }: Input, frequency: Frequency = 'monthly'): Promise<ArchiveZip[]> {
  await mkdir(CACHE, { recursive: true });
  const source = seededCandles(SEED);
  const series = { market: 'um', symbol: 'BTCUSDT', interval } as const;
  const zips: ArchiveZip[] = [];
  for (const file of publishedFiles(source, series, frequency, Number.POSITIVE_INFINITY)) {
    if (file.range.fromMs < range.fromMs) continue;
    if (file.range.fromMs >= range.toMs) break;
    const name = file.path.slice(file.path.lastIndexOf('/') + 1);
    const path = join(CACHE, name);
    if (!existsSync(path)) {
      const zip = await archiveZip(file, archiveCsv(file, source.rows(file.series, file.range), FORMAT));
      await writeFile(`${path}.${process.pid}`, zip);
      await rename(`${path}.${process.pid}`, path);
    }
    zips.push({ name, path, range: file.range, bytes: await readFile(path) });
  }
  return zips;
}

/** The candles of an input, file by file. */
export async function candlesOf(input: Input): Promise<Candles[]> {
  const parts: Candles[] = [];
  for (const { bytes, name } of await archiveZips(input)) parts.push(decodeCsv(await unzipCsv(bytes, name), name));
  return parts;
}

/** Returns the number of candles of an input. */
export function candlesIn(name: InputName): number {
  const { interval, range } = INPUTS[name];
  return (range.toMs - range.fromMs) / (interval === '1m' ? 60_000 : 900_000);
}
