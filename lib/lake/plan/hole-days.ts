import { type Chunk, chunkName } from '../../domain/chunk.ts';
import { countOpenTimes } from '../../domain/interval.ts';
import type { Series } from '../../domain/series.ts';
import { DAY_MS, isoTime, type TimeRange } from '../../domain/time-range.ts';
import type { ArchiveFile } from '../../exchange/archive-file.ts';
import { venueOf } from '../../exchange/venues.ts';
import type { ObjectStore } from '../../ports.ts';
import { landingPrefix, parseReceiptKey } from '../keys.ts';
import type { HoleQuestion } from './hole-windows.ts';

export interface HoleDaysContext {
  readonly store: ObjectStore;
  /** Lists the daily files of a month (`2024-02`). */
  readonly dailyFiles: (series: Series, month: string) => Promise<readonly ArchiveFile[]>;
  /** Names of the chunks that the run has tried already. */
  readonly tried: ReadonlySet<string>;
  readonly asOfMs: number;
}

/**
 * Returns the daily files that may fill holes if REST cannot. Each is of a day that a hole touches, is listed by the
 * archive, has not landed, and was not tried by this run. Holes are on the grid, ascending and disjoint.
 * @throws the errors of the archive's listing
 */
export async function holeDays(
  series: Series,
  holes: readonly TimeRange[],
  { store, dailyFiles, tried, asOfMs }: HoleDaysContext,
): Promise<HoleQuestion[]> {
  if (holes.length === 0 || !venueOf(series.market).hasDailyArchive(series.interval)) return [];
  const landed = await landedDays(series, store);
  const missing = new Map([...candlesByDay(series, holes)].filter(([fromMs]) => !landed.has(fromMs)));
  const months = new Set([...missing.keys()].map((fromMs) => isoTime(fromMs).slice(0, 7)));
  const files = (await Promise.all([...months].map((month) => dailyFiles(series, month)))).flat();
  return files.flatMap(({ source, range, sizeBytes }) => {
    const candles = missing.get(range.fromMs);
    const chunk: Chunk = { series, source, range, asOfMs, sizeBytes };
    // A file that ends after now cannot have been published yet: the clock was set back.
    return candles === undefined || range.toMs > asOfMs || tried.has(chunkName(chunk)) ? [] : [{ chunk, candles }];
  });
}

/** Returns the number of missing open times of each day. */
function candlesByDay({ interval }: Series, holes: readonly TimeRange[]): Map<number, number> {
  const days = new Map<number, number>();
  for (const hole of holes) {
    for (let dayMs = Math.floor(hole.fromMs / DAY_MS) * DAY_MS; dayMs < hole.toMs; dayMs += DAY_MS) {
      const part = { fromMs: Math.max(hole.fromMs, dayMs), toMs: Math.min(hole.toMs, dayMs + DAY_MS) };
      days.set(dayMs, (days.get(dayMs) ?? 0) + countOpenTimes(interval, part));
    }
  }
  return days;
}

async function landedDays(series: Series, store: ObjectStore): Promise<Set<number>> {
  const objects = await store.list(`${landingPrefix(series)}source=archive_daily/`);
  return new Set(objects.flatMap(({ key }) => parseReceiptKey(series, key)?.range.fromMs ?? []));
}
