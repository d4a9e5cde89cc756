import { UnexpectedFormat } from '../domain/errors.ts';
import { nextOpenTime } from '../domain/interval.ts';
import { isoTime } from '../domain/time-range.ts';
import type { LabelColumn } from '../labels/schema.ts';
import { readOutput } from '../lake/manifest/read-output.ts';
import { readColumns } from '../parquet/read-columns.ts';
import type { ObjectStore } from '../ports.ts';
import type { DatasetRequest } from './contract.ts';
import { labelSource } from './label-source.ts';
import type { LakeShard } from './lake-shards.ts';
import type { PackPart } from './pack-part.ts';

/** The rows of a shard that the pack can use, and how many of the range it cannot. */
interface ReadPart {
  readonly part: PackPart;
  /** Rows whose label is not decided yet, whether they are in the part or not. */
  readonly undecided: number;
  /** Rows whose label is decided and has no value. */
  readonly noLabel: number;
}

/**
 * Reads the rows of a shard within the range: those with a label, and if the request wants them those whose label is
 * not decided yet. A label joins the features and the candle of its own open time and no others.
 * @throws UnexpectedFormat if features were known later than their label begins, or the label before it began
 */
export async function readPart(store: ObjectStore, shard: LakeShard, request: DatasetRequest): Promise<ReadPart> {
  const tables = await readTables(store, shard, request);
  const { candles, features, labels } = tables;
  const source = labelSource(request.label);
  const part = emptyPart(shard, features.open_time.length);
  const counts = { undecided: 0, noLabel: 0 };
  let kept = 0;
  let labelRow = 0;
  for (let row = 0; row < features.open_time.length; row++) {
    const openTimeMs = features.open_time[row];
    if (candles.open_time[row] !== openTimeMs) throw notAlike(shard, openTimeMs);
    while (labels.open_time[labelRow] < openTimeMs) labelRow++;
    if (openTimeMs < request.fromMs || openTimeMs >= request.toMs) continue;
    const isDecided = labels.open_time[labelRow] === openTimeMs;
    const label = isDecided ? labels[request.label][labelRow] : Number.NaN;
    if (!isDecided) counts.undecided++;
    else if (Number.isNaN(label)) counts.noLabel++;
    if (isDecided ? Number.isNaN(label) : !request.withUnlabelled) continue;
    const t0 = nextOpenTime(shard.series.interval, openTimeMs);
    const t1 = isDecided ? labels[source.t1][labelRow] : Number.NaN;
    if (!(features.known_at[row] <= t0) || t1 <= t0) throw notInOrder(shard, t0, t1, features.known_at[row]);
    part.row[kept] = row;
    part.openTimeMs[kept] = openTimeMs;
    part.t0[kept] = t0;
    part.t1[kept] = t1;
    part.label[kept] = label;
    part.weight[kept] = !isDecided ? Number.NaN : source.weight === 'uniqueness' ? labels.uniqueness[labelRow] : 1;
    part.direction[kept] = Math.sign(features.return_1[row]) || 0;
    part.open[kept] = candles.open[row];
    part.close[kept] = candles.close[row];
    kept++;
  }
  return { part: cut(part, kept), ...counts };
}

async function readTables(store: ObjectStore, shard: LakeShard, { label }: DatasetRequest) {
  const { t1, weight } = labelSource(label);
  const wanted = new Set<LabelColumn>(['open_time', label, t1, ...(weight === 'uniqueness' ? [weight] : [])]);
  const { candles, features, labels } = shard.manifest.outputs;
  return {
    candles: await readColumns(await readOutput(store, candles), ['open_time', 'open', 'close']),
    features: await readColumns(await readOutput(store, features), ['open_time', 'known_at', 'return_1']),
    labels: await readColumns(await readOutput(store, labels), [...wanted]),
  };
}

function notAlike({ manifest }: LakeShard, openTimeMs: number): UnexpectedFormat {
  const { candles, features } = manifest.outputs;
  return new UnexpectedFormat(
    `${features.key} has ${isoTime(openTimeMs)} in a row that ${candles.key} does not, expected the same candles`,
  );
}

function notInOrder({ manifest }: LakeShard, t0: number, t1: number, knownAtMs: number): UnexpectedFormat {
  const { key } = manifest.outputs.labels;
  return new UnexpectedFormat(
    `${key} has a label from ${isoTime(t0)} to ${isoTime(t1)} for features known at ${isoTime(knownAtMs)}, ` +
      'expected them in that order',
  );
}

type MutablePart = Omit<PackPart, 'joined'>;

function emptyPart(shard: LakeShard, length: number): MutablePart {
  const column = () => new Float64Array(length);
  return {
    shard,
    row: new Uint32Array(length),
    ...{ openTimeMs: column(), t0: column(), t1: column(), label: column(), weight: column() },
    ...{ direction: column(), open: column(), close: column() },
  };
}

function cut({ shard, row, ...columns }: MutablePart, length: number): PackPart {
  const slices = Object.entries(columns).map(([name, values]) => [name, values.slice(0, length)]);
  return { shard, row: row.slice(0, length), ...(Object.fromEntries(slices) as typeof columns), joined: [] };
}
