import { CANDLE_COLUMNS, type CandleColumn, type Candles, joinCandles, pickCandles } from '../../domain/candles.ts';
import { SOURCES } from '../../domain/chunk.ts';
import type { Conflict } from '../manifest/contract.ts';
import { byPreference, type Preferable } from './preference.ts';

/** Candles of one landed object. */
export interface DecodedObject extends Preferable {
  readonly candles: Candles;
}

/** Candles of a shard, sorted and unique, with the source of each (an index into SOURCES). */
export interface MergedCandles {
  readonly candles: Candles;
  readonly source: Uint8Array;
  /** The number of rows left out because an equal one was kept. */
  readonly duplicates: number;
  /** Rows left out because a better source has other values, in order of time. */
  readonly conflicts: readonly Conflict[];
}

const COMPARED = CANDLE_COLUMNS.filter((column) => column !== 'openTimeMs');

/**
 * Merges objects that may overlap, be unsorted or repeat rows. For each open time the row of the best source is kept:
 * monthly beats daily beats REST; within one source the one fetched later; within one object the later row. The other
 * rows are counted, and listed if they differ. A superseded file supplies no candle and is compared only with its newer
 * version.
 */
export function mergeCandles(objects: readonly DecodedObject[]): MergedCandles {
  const inTime = objects.some(({ superseded }) => superseded) ? undefined : inOrderOfTime(objects);
  if (inTime) {
    const { candles, source } = join(inTime);
    return { candles, source, duplicates: 0, conflicts: [] };
  }
  const ordered = [...objects].sort(byPreference);
  const { candles: all, source, rank } = join(ordered);
  const order = Uint32Array.from({ length: all.length }, (_, index) => index).sort(
    (a, b) => all.openTimeMs[a]! - all.openTimeMs[b]! || rank[a]! - rank[b]! || b - a,
  );
  const describe = (column: CandleColumn, row: number) => ({
    value: all[column][row]!,
    source: SOURCES[source[row]!]!,
    sha256: ordered[rank[row]!]!.sha256,
  });
  return pickBest(all, source, order, (row) => ordered[rank[row]!]!.superseded === true, describe);
}

/** Orders objects so that their rows, one object after the other, are sorted and unique. Undefined if they overlap. */
function inOrderOfTime(objects: readonly DecodedObject[]): DecodedObject[] | undefined {
  const ordered = objects
    .filter(({ candles }) => candles.length > 0)
    .sort((a, b) => a.candles.openTimeMs[0]! - b.candles.openTimeMs[0]!);
  let last = Number.NEGATIVE_INFINITY;
  for (const { candles } of ordered) {
    const { openTimeMs } = candles;
    for (let row = 0; row < openTimeMs.length; row++) {
      const openTime = openTimeMs[row]!;
      if (!(openTime > last)) return undefined;
      last = openTime;
    }
  }
  return ordered;
}

/** Joins all rows, object after object, with the source and the object of each. One object's columns are not copied. */
function join(objects: readonly DecodedObject[]): { candles: Candles; source: Uint8Array; rank: Uint32Array } {
  const candles = objects.length === 1 ? objects[0]!.candles : joinCandles(objects.map((object) => object.candles));
  const source = new Uint8Array(candles.length);
  const rank = new Uint32Array(candles.length);
  let row = 0;
  objects.forEach((object, index) => {
    const end = row + object.candles.length;
    source.fill(SOURCES.indexOf(object.source), row, end);
    rank.fill(index, row, end);
    row = end;
  });
  return { candles, source, rank };
}

function pickBest(
  all: Candles,
  source: Uint8Array,
  order: Uint32Array,
  isSuperseded: (row: number) => boolean,
  describe: (column: CandleColumn, row: number) => Conflict['kept'],
): MergedCandles {
  const kept: number[] = [];
  const conflicts: Conflict[] = [];
  let duplicates = 0;
  for (const row of order) {
    const best = kept.at(-1);
    if (best === undefined || all.openTimeMs[best] !== all.openTimeMs[row]) {
      if (!isSuperseded(row)) kept.push(row);
      continue;
    }
    const differing = COMPARED.find((column) => all[column][best] !== all[column][row]);
    if (!differing) {
      duplicates++;
      continue;
    }
    if (isSuperseded(row) && source[best] !== source[row]) continue;
    const openTimeMs = all.openTimeMs[best]!;
    conflicts.push({ openTimeMs, column: differing, kept: describe(differing, best), other: describe(differing, row) });
  }
  return {
    candles: pickCandles(all, Uint32Array.from(kept)),
    source: Uint8Array.from(kept, (row) => source[row]!),
    duplicates,
    conflicts,
  };
}
