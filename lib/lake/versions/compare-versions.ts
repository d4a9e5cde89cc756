import {
  CANDLE_COLUMNS,
  CANDLE_TABLE_COLUMNS,
  type CandleColumn,
  type Candles,
  sliceCandles,
} from '../../domain/candles.ts';
import { TABLES, type Table } from '../../domain/tables.ts';
import type { ColumnValues } from '../../parquet/table-values.ts';
import type { Manifest } from '../manifest/contract.ts';
import { chainOf } from '../manifest/hash-candles.ts';
import type { CandleRevision, VersionReason, VersionRecord } from './contract.ts';
import { isGrowing, restoreTable } from './kept-tables.ts';

/** The shard that replaces a version. */
interface NextVersion {
  readonly manifest: Manifest;
  readonly candles: Candles;
  readonly labels: Uint8Array;
}

interface VersionChange {
  readonly reason: VersionReason;
  /** Tables of the version before that cannot be cut out of the next one. */
  readonly restated: readonly Table[];
}

/** For these reasons no table of the version before can be cut out of the next. */
const RESTATING: ReadonlySet<VersionReason> = new Set(['revised', 'earlier_revised', 'code_changed']);

/** Finds the reason of a new version, and the tables of the version before that must be kept. */
export async function changeSince(before: VersionRecord, next: NextVersion): Promise<VersionChange> {
  const old = before.manifest;
  const { manifest } = next;
  const differs = (table: Table) => old.outputs[table]?.sha256 !== manifest.outputs[table].sha256;
  const restating = candlesReason(old, next);
  const labelsHold = restating !== undefined || !differs('labels') || (await labelsGrew(before, next));
  const reason = restating ?? reasonWithin(old, next, labelsHold);
  // An empty table is not cut out of one with rows.
  const wasEmpty = old.report.candles === 0;
  const restated = TABLES.filter(
    (table) =>
      old.outputs[table] !== undefined &&
      differs(table) &&
      (RESTATING.has(reason) || wasEmpty || !isGrowing(table) || (table === 'labels' && !labelsHold)),
  );
  return { reason, restated };
}

/** Returns the reason if values of the version before changed; undefined if its candles are unchanged. */
function candlesReason(old: Manifest, { manifest, candles }: NextVersion): VersionReason | undefined {
  if (old.codeHash !== manifest.codeHash) return 'code_changed';
  if (old.previousChain !== manifest.previousChain) return 'earlier_revised';
  if (old.chain === manifest.chain || old.report.candles === 0) return undefined;
  const prefix = sliceCandles(candles, 0, Math.min(old.report.candles, candles.length));
  return chainOf(old.previousChain, prefix, old.codeHash) === old.chain ? undefined : 'revised';
}

function reasonWithin(old: Manifest, { manifest }: NextVersion, labelsHold: boolean): VersionReason {
  if (old.chain !== manifest.chain) return 'extended';
  if (old.lookahead !== manifest.lookahead) return labelsHold ? 'labels_decided' : 'later_revised';
  const { candles, ...others } = manifest.outputs;
  const sameCandles = old.outputs.candles.sha256 === candles.sha256;
  const sameOthers = Object.entries(others).every(
    ([table, output]) => old.outputs[table as Table]?.sha256 === output.sha256,
  );
  return sameCandles && !sameOthers ? 'evidence_changed' : 'source_replaced';
}

/**
 * Returns true if the labels only grew. If there were no candles ahead, decided labels stay. Otherwise the bytes
 * decide, because the candles ahead may have been restated or may have got others before them.
 */
async function labelsGrew(before: VersionRecord, { labels }: NextVersion): Promise<boolean> {
  if (before.manifest.lookahead === '') return true;
  return (await restoreTable('labels', labels, before)) !== undefined;
}

/**
 * Compares candles with those of an earlier table, up to its last candle. Returns undefined if they are equal.
 */
export function candleRevision(
  before: ReadonlyMap<string, ColumnValues>,
  candles: Candles,
): CandleRevision | undefined {
  const old = Object.fromEntries(
    CANDLE_COLUMNS.map((name) => [name, before.get(CANDLE_TABLE_COLUMNS[name]) as Float64Array]),
  ) as Record<CandleColumn, Float64Array>;
  const oldTimes = old.openTimeMs;
  const times = candles.openTimeMs;
  const counts = { changed: 0, added: 0, removed: 0 };
  let firstMs = Number.POSITIVE_INFINITY;
  let lastMs = Number.NEGATIVE_INFINITY;
  const count = (what: keyof typeof counts, timeMs: number) => {
    counts[what]++;
    firstMs = Math.min(firstMs, timeMs);
    lastMs = Math.max(lastMs, timeMs);
  };
  let row = 0;
  for (let oldRow = 0; oldRow < oldTimes.length; oldRow++) {
    const timeMs = oldTimes[oldRow]!;
    for (; row < times.length && times[row]! < timeMs; row++) count('added', times[row]!);
    if (times[row] !== timeMs) count('removed', timeMs);
    else {
      const here = row++;
      if (CANDLE_COLUMNS.some((name) => old[name][oldRow] !== candles[name][here])) count('changed', timeMs);
    }
  }
  return lastMs >= firstMs ? { ...counts, firstMs, lastMs } : undefined;
}
