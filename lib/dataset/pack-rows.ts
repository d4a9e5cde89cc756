import { UnexpectedFormat } from '../domain/errors.ts';
import { nextOpenTime } from '../domain/interval.ts';
import { isoTime } from '../domain/time-range.ts';
import type { LabelColumn } from '../labels/schema.ts';
import type { ObjectStore } from '../ports.ts';
import type { DatasetLabel, DatasetRequest } from './contract.ts';
import { type LakeShard, readOutput } from './lake-shards.ts';
import { uniquenessOver } from './pack-weights.ts';
import { readColumns } from './read-columns.ts';

/** When a label ends and what its rows weigh. */
interface LabelSource {
  /** Column of the labels. */
  readonly t1: LabelColumn;
  /**
   * `uniqueness`: the column of the labels. `over_rows`: average uniqueness over the rows of the pack, symbol by symbol.
   * `equal`: 1 each.
   */
  readonly weight: 'uniqueness' | 'over_rows' | 'equal';
}

/**
 * Labels without a `t1` of their own end at `known_at` at the latest: too much may be purged for them, never too little.
 * Labels of a fixed horizon overlap alike everywhere, so equal weights are theirs.
 */
export function labelSource(label: DatasetLabel): LabelSource {
  if (label === 'signal') return { t1: 'signal_t1', weight: 'uniqueness' };
  if (label === 'tb_2_20') return { t1: 'tb_2_20_t1', weight: 'over_rows' };
  return { t1: 'known_at', weight: 'equal' };
}

/** The rows of one shard that go into the pack, in order of time; all but their features. */
export interface ShardRows {
  readonly shard: LakeShard;
  /** Row in the shard's features. */
  readonly featureRow: Uint32Array;
  readonly openTimeMs: Float64Array;
  /** When the label begins: the close of the row's candle, from which its outcome is measured. */
  readonly t0: Float64Array;
  /** When the label's outcome is known. */
  readonly t1: Float64Array;
  readonly label: Float64Array;
  readonly weight: Float64Array;
  /** Direction of the row's own candle, 1, −1 or 0, for the naive baselines. */
  readonly direction: Int8Array;
}

/**
 * The labelled rows of a shard within the range. A label joins the features of its own open time and no others.
 * @throws UnexpectedFormat where features were known later than their label begins, or the label before it began.
 */
export async function readShardRows(store: ObjectStore, shard: LakeShard, request: DatasetRequest): Promise<ShardRows> {
  const source = labelSource(request.label);
  const wanted = new Set<LabelColumn>(['open_time', request.label, source.t1]);
  if (source.weight === 'uniqueness') wanted.add('uniqueness');
  const [featureBytes, labelBytes] = [await readOutput(store, shard.features), await readOutput(store, shard.labels)];
  const features = await readColumns(featureBytes, shard.features.rows, ['open_time', 'known_at', 'return_1']);
  const labels = await readColumns(labelBytes, shard.labels.rows, [...wanted]);
  const length = shard.labels.rows;
  const rows: ShardRows = {
    shard,
    featureRow: new Uint32Array(length),
    openTimeMs: new Float64Array(length),
    t0: new Float64Array(length),
    t1: new Float64Array(length),
    label: new Float64Array(length),
    weight: new Float64Array(length).fill(1),
    direction: new Int8Array(length),
  };
  let kept = 0;
  let feature = 0;
  for (let row = 0; row < length; row++) {
    const openTimeMs = labels.open_time[row];
    const label = labels[request.label][row];
    if (openTimeMs < request.fromMs || openTimeMs >= request.toMs || Number.isNaN(label)) continue;
    while (feature < shard.features.rows && features.open_time[feature] < openTimeMs) feature++;
    if (features.open_time[feature] !== openTimeMs) continue;
    const t0 = nextOpenTime(shard.series.interval, openTimeMs);
    const t1 = labels[source.t1][row];
    if (!(features.known_at[feature] <= t0 && t0 < t1)) {
      throw new UnexpectedFormat(
        `${shard.labels.key} has a label from ${isoTime(t0)} to ${isoTime(t1)} for features known at ` +
          `${isoTime(features.known_at[feature])}, expected them in that order`,
      );
    }
    rows.featureRow[kept] = feature;
    rows.openTimeMs[kept] = openTimeMs;
    rows.t0[kept] = t0;
    rows.t1[kept] = t1;
    rows.label[kept] = label;
    if (source.weight === 'uniqueness') rows.weight[kept] = labels.uniqueness[row];
    rows.direction[kept] = Math.sign(features.return_1[feature]) || 0;
    kept++;
  }
  return cut(rows, kept);
}

function cut(rows: ShardRows, length: number): ShardRows {
  return {
    shard: rows.shard,
    featureRow: rows.featureRow.slice(0, length),
    openTimeMs: rows.openTimeMs.slice(0, length),
    t0: rows.t0.slice(0, length),
    t1: rows.t1.slice(0, length),
    label: rows.label.slice(0, length),
    weight: rows.weight.slice(0, length),
    direction: rows.direction.slice(0, length),
  };
}

/** Weighs the rows where that takes the rows of all shards of a symbol together. */
export function weighOverRows(parts: readonly ShardRows[]): void {
  const bySymbol = new Map<string, ShardRows[]>();
  for (const rows of parts) {
    const { symbol } = rows.shard.series;
    bySymbol.set(symbol, [...(bySymbol.get(symbol) ?? []), rows]);
  }
  for (const shards of bySymbol.values()) {
    const weights = uniquenessOver(
      joinRows(shards, ({ t0 }) => t0),
      joinRows(shards, ({ t1 }) => t1),
    );
    let at = 0;
    for (const { weight } of shards) {
      weight.set(weights.subarray(at, at + weight.length));
      at += weight.length;
    }
  }
}

/** One column of all parts, one after the other. */
export function joinRows(parts: readonly ShardRows[], of: (rows: ShardRows) => Float64Array): Float64Array {
  const joined = new Float64Array(parts.reduce((sum, rows) => sum + rows.t0.length, 0));
  let at = 0;
  for (const rows of parts) {
    joined.set(of(rows), at);
    at += rows.t0.length;
  }
  return joined;
}
