import type { Source } from '../../../domain/chunk.ts';
import type { Period } from '../../../domain/period.ts';
import type { Stream } from '../../../domain/stream.ts';
import { STREAM_TABLE } from '../../../domain/stream-table.ts';
import { gridOf, streamPeriodOf, streamPeriodsIn } from '../../../domain/stream-times.ts';
import { subtractRanges, type TimeRange } from '../../../domain/time-range.ts';
import type { ColumnValues } from '../../../parquet/table-values.ts';
import type { ObjectStore } from '../../../ports.ts';
import { parseReceiptKey, receiptKey } from '../../keys.ts';
import { closedRange } from '../../landing/answer.ts';
import { type Containable, findContained } from '../../landing/contained.ts';
import { decodeEach } from '../../landing/decode-each.ts';
import { createLandedInputs, type DecodedPeriod } from '../../landing/landed-inputs.ts';
import { type LandedId, type ReadLanded, readEach } from '../../landing/landing.ts';
import { streamPageOf } from '../../landing/stream-page.ts';
import { unreadableFile } from '../../ledger/failed-chunk.ts';
import { isServed } from '../../ledger/symbol-life.ts';
import type { StreamManifest, StreamShardReport, UnreadableStreamFile } from '../../manifest/contract.ts';
import { compareRows, type RankedRow, rankRows } from './rank-rows.ts';
import type { DecodedInputs, StreamReader } from './stream-inputs.ts';
import { numberColumn, type StreamShard, textColumn } from './stream-shard.ts';

/** How the rows of a stream are made of landed answers: archive files and answers of REST. */
export interface RowDecoder<Row extends object> {
  /** @throws UnexpectedFormat if the bytes are not such an answer */
  decode(landed: ReadLanded<Stream>): Promise<readonly Row[]>;
  /** The time that identifies a row of the table. */
  timeOf(row: Row): number;
  /** Fields that are compared if several answers have the same time, and their columns. A field may be undefined. */
  readonly compared: readonly (readonly [field: keyof Row & string, column: string])[];
  /** Makes the row of one time of all that landed for it, best first. If left out, the best. */
  combine?(ranked: readonly RankedRow<Row>[]): Row;
  /** The columns, except `source` and `gap_before`. */
  columns(rows: readonly Row[], stream: Stream): Readonly<Record<string, Float64Array>>;
  /** Grid times that are missing directly before each row, for streams whose rows are on a grid. */
  gapsBefore?(timesMs: readonly number[], previousMs: number | undefined, stream: Stream): Float64Array;
}

/** One landed answer, decoded. */
interface DecodedObject<Row> extends Containable {
  readonly id: LandedId<Stream>;
  readonly source: Source;
  readonly range: TimeRange;
  readonly rows: readonly Row[];
}

interface DecodedAnswers<Row> extends DecodedPeriod<Stream> {
  readonly objects: readonly DecodedObject<Row>[];
  readonly unreadable: Pick<StreamShardReport, 'unreadable'>;
}

/** Returns the reader of a stream whose rows come from archive files and answers of REST. */
export function answerReader<Row extends object>(decoder: RowDecoder<Row>): StreamReader {
  const describe = (stream: Stream, period: Period, answers: DecodedAnswers<Row>): DecodedInputs => ({
    ...namesOf(answers.inputs),
    rows: (life, carry) => shardOf(decoder, { stream, period, answers, life, carry }),
  });
  return {
    async open(store, stream) {
      const inputs = await createLandedInputs<Stream, DecodedAnswers<Row>, StreamManifest>(store, stream, {
        periodsIn: (range) => streamPeriodsIn(stream, range),
        pageOf: (timeMs) => streamPageOf(stream, timeMs),
        decode: (period, ids) => decodeAnswers(store, { stream, period, ids }, decoder),
        isMadeFrom: (manifest, ids) => isMadeFrom(manifest, ids),
      });
      return {
        periods: [...inputs.landing.periods.keys()],
        isMadeFrom: (manifest) => inputs.isMadeFrom(manifest, manifest.period),
        async decoded(period) {
          const answers = await inputs.decoded(period);
          inputs.forget(period);
          return describe(stream, period, answers);
        },
        outdated: () => inputs.outdated(),
        remember: () => inputs.remember(new Map()),
      };
    },
    async reopen(store, { stream, period, inputs, superseded = [] }) {
      const ids = inputs.flatMap((key): LandedId<Stream>[] => {
        const id = parseReceiptKey(stream, key);
        return id ? [{ ...id, receiptBytes: 0, ...(superseded.includes(key) && { superseded: true as const }) }] : [];
      });
      return describe(stream, period, await decodeAnswers(store, { stream, period, ids }, decoder));
    },
  };
}

function namesOf(ids: readonly LandedId<Stream>[]): Pick<StreamManifest, 'inputs' | 'superseded'> {
  const superseded = ids.filter((id) => id.superseded).map((id) => receiptKey<Stream>(id));
  return { inputs: ids.map((id) => receiptKey<Stream>(id)), ...(superseded.length > 0 && { superseded }) };
}

function isMadeFrom({ inputs, superseded }: StreamManifest, ids: readonly LandedId<Stream>[]): boolean {
  return JSON.stringify(namesOf(ids)) === JSON.stringify({ inputs, ...(superseded && { superseded }) });
}

interface AnswersOfPeriod {
  readonly stream: Stream;
  readonly period: Period;
  readonly ids: readonly LandedId<Stream>[];
}

/**
 * Reads and decodes the landed answers of a period, and leaves out those that another one contains. An archive file that
 * cannot be read is ignored, as with candles. It is reported in the shard in which its range begins.
 * @throws CorruptObject, UnexpectedFormat if an answer of REST cannot be read
 */
async function decodeAnswers<Row extends object>(
  store: ObjectStore,
  { stream, period, ids }: AnswersOfPeriod,
  decoder: RowDecoder<Row>,
): Promise<DecodedAnswers<Row>> {
  const { overhangMs } = STREAM_TABLE[stream.name];
  const { read, unreadable } = await decodeEach(readEach(store, ids), (landed) => decoder.decode(landed));
  const objects = read.map(({ landed: { id, receipt }, content, superseded }): DecodedObject<Row> => {
    const { source, range, fetchedAtMs, sha256 } = receipt;
    const { fromMs, toMs } = answeredRange(stream, receipt);
    const place = { id, source, range, askedRange: range, answers: { fromMs, toMs: toMs + overhangMs } };
    return { ...place, fetchedAtMs, sha256, ...(superseded && { superseded }), rows: content };
  });
  const pairs = findContained(period, objects, agreement(decoder));
  const contained = new Map([...pairs].map(([one, other]) => [one.id, other.id]));
  const current = read
    .filter(({ superseded }) => !superseded)
    .map(({ landed }) => answeredRange(stream, landed.receipt));
  const files = unreadable
    .filter(({ landed }) => streamPeriodOf(stream, landed.receipt.range.fromMs) === period)
    .map(({ landed: { receipt }, error: { name, message } }): UnreadableStreamFile => {
      const file = { source: receipt.source, asked: receipt.range, error: name, message };
      return { ...unreadableFile(file), lacking: subtractRanges(answeredRange(stream, receipt), current) };
    });
  return {
    inputs: ids.filter((id) => !contained.has(id)),
    contained,
    objects: objects.filter((object) => !pairs.has(object)),
    unreadable: files.length > 0 ? { unreadable: files } : {},
  };
}

/** The times that an answer covers, with or without rows. */
function answeredRange(stream: Stream, { range, asOfMs }: ReadLanded<Stream>['receipt']): TimeRange {
  return closedRange(gridOf(stream), range, asOfMs);
}

/** Returns a check that B has, at each time of A in a range, a row with the same values in all fields that A has. */
function agreement<Row extends object>({ timeOf, compared }: RowDecoder<Row>) {
  const byTime = new Map<DecodedObject<Row>, ReadonlyMap<number, Row>>();
  const rowsOf = (object: DecodedObject<Row>) => {
    const rows = byTime.get(object) ?? new Map(object.rows.map((row) => [timeOf(row), row]));
    byTime.set(object, rows);
    return rows;
  };
  return (b: DecodedObject<Row>, a: DecodedObject<Row>, { fromMs, toMs }: TimeRange): boolean =>
    a.rows.every((row) => {
      const timeMs = timeOf(row);
      if (timeMs < fromMs || timeMs >= toMs) return true;
      const other = rowsOf(b).get(timeMs);
      return (
        other !== undefined && compared.every(([field]) => row[field] === undefined || row[field] === other[field])
      );
    });
}

interface ShardOfAnswers<Row> {
  readonly stream: Stream;
  readonly period: Period;
  readonly answers: DecodedAnswers<Row>;
  readonly life: TimeRange;
  readonly carry: string;
}

/** Makes the rows of a shard. Each time has one row, of the best answer that has one. */
function shardOf<Row extends object>(
  decoder: RowDecoder<Row>,
  { stream, period, answers, life, carry }: ShardOfAnswers<Row>,
): StreamShard {
  const landed = rankRows(answers.objects, decoder.timeOf).filter(
    ([timeMs]) => streamPeriodOf(stream, timeMs) === period,
  );
  const served = landed.filter(([timeMs]) => isServed(timeMs, life));
  const times = served.map(([timeMs]) => timeMs);
  const rows = served.map(([, ranked]) => decoder.combine?.(ranked) ?? ranked[0]!.row);
  const sources = served.map(([, [best]]) => (stream.market === 'sim' ? 'simulated' : best!.source));
  const gaps = decoder.gapsBefore?.(times, carry === '' ? undefined : Number(carry), stream);
  const lastMs = times.at(-1);
  return {
    rows: rows.length,
    columns: new Map<string, ColumnValues>([
      ...Object.entries(decoder.columns(rows, stream)),
      ['source', textColumn(sources)],
      ...(gaps ? [['gap_before', gaps] as const] : []),
    ]),
    firstMs: times[0] ?? Number.NaN,
    lastMs: lastMs ?? Number.NaN,
    missing: gaps?.reduce((sum, gap) => sum + gap, 0) ?? 0,
    quarantined: landed.length - served.length,
    ...compareRows(served, decoder.compared),
    ...answers.unreadable,
    carry: gaps ? String(lastMs ?? carry) : '',
  };
}

/** Makes a column of each field: undefined is null. */
export function numberColumns<Row>(
  rows: readonly Row[],
  fields: Readonly<Record<string, (row: Row) => number | undefined>>,
): Record<string, Float64Array> {
  return Object.fromEntries(Object.entries(fields).map(([column, of]) => [column, numberColumn(rows.map(of))]));
}
