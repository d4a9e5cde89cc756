import { isDeepStrictEqual } from 'node:util';
import type { Period } from '../../../domain/period.ts';
import type { Stream } from '../../../domain/stream.ts';
import { STREAM_TABLE } from '../../../domain/stream-table.ts';
import { gridOf, streamPeriodOf } from '../../../domain/subject-times.ts';
import { isWithin, subtractRanges, type TimeRange } from '../../../domain/time-range.ts';
import { unzipCsv } from '../../../exchange/binance/unzip.ts';
import { columnsOf } from '../../../parquet/table-values.ts';
import type { ObjectStore } from '../../../ports.ts';
import { getOrCompute } from '../../get-or-compute.ts';
import { parseReceiptKey, receiptKey } from '../../keys.ts';
import { closedRange } from '../../landing/answer.ts';
import { type Containable, findContained } from '../../landing/contained.ts';
import { decodeEach } from '../../landing/decode-each.ts';
import { createLandedInputs, type DecodedPeriod } from '../../landing/landed-inputs.ts';
import { type LandedId, nameInMessages, type ReadLanded, readEach } from '../../landing/landing.ts';
import { unreadableFile } from '../../ledger/failed-chunk.ts';
import type { StreamManifest, StreamShardReport, UnreadableStreamFile } from '../../manifest/contract.ts';
import { assertBelong } from './decode-rows.ts';
import { compareRows, type RankedRow, type RowColumn, rankRows, type StreamRow } from './rank-rows.ts';
import type { DecodedInputs, NamedInputs, StreamReader, StreamShard } from './stream-reader.ts';

/** Makes the rows of a stream, by column, from landed answers: archive files and answers of REST. */
export interface RowDecoder<Row extends StreamRow> {
  /** Decodes an answer of REST. @throws UnexpectedFormat if the bytes are not one */
  rest(bytes: Uint8Array, name: string): readonly Row[];
  /** Decodes the text of an archive file. @throws UnexpectedFormat if the bytes are not one */
  file(csv: Uint8Array, name: string): readonly Row[];
  /** Returns false for a row that was not complete when it was fetched, and is left out. */
  isComplete?(row: Row, receipt: ReadLanded<Stream>['receipt']): boolean;
  /** The column of the time that identifies a row. */
  readonly time: RowColumn<Row>;
  /** The columns that are compared if several answers have the same time. */
  readonly compared: readonly RowColumn<Row>[];
  /** The columns whose value is that of the best current answer that has one. */
  readonly completed?: readonly RowColumn<Row>[];
  /** Returns the first instant at which a row could have been known. */
  knownAtMs(row: Row, stream: Stream): number;
  /**
   * Returns the grid times that are missing directly before each row, for streams whose rows are on a grid.
   * @param previousMs the time of the row before; NaN before the first row
   */
  gapsBefore?(timesMs: Float64Array, previousMs: number, stream: Stream): Float64Array;
}

/** One landed answer, decoded. */
interface DecodedObject<Row> extends Containable {
  readonly id: LandedId<Stream>;
  readonly rows: readonly Row[];
}

interface DecodedAnswers<Row> extends DecodedPeriod<Stream> {
  readonly objects: readonly DecodedObject<Row>[];
  readonly unreadable: Pick<StreamShardReport, 'unreadable'>;
}

/** Returns the reader of a stream whose rows come from archive files and answers of REST. */
export function answerReader<Row extends StreamRow>(decoder: RowDecoder<Row>): StreamReader {
  const describe = (stream: Stream, period: Period, answers: DecodedAnswers<Row>): DecodedInputs => ({
    ...namesOf(answers.inputs),
    rows: (life, carry) => shardOf(decoder, { stream, period, answers, life, carry }),
  });
  return {
    async open(store, stream) {
      const inputs = await createLandedInputs<Stream, DecodedAnswers<Row>, StreamManifest>(store, stream, {
        decode: (period, ids) => decodeAnswers(store, { stream, period, ids }, decoder),
        receiptsOf: ({ inputs }) => inputs,
        isMadeFrom,
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

/** Names the inputs of a shard as in its manifest. */
function namesOf(ids: readonly LandedId<Stream>[]): NamedInputs {
  const superseded = ids.filter((id) => id.superseded).map((id) => receiptKey(id));
  const again = ids.flatMap((id) => (id.again ? [[receiptKey(id), id.again] as const] : []));
  return {
    inputs: ids.map((id) => receiptKey(id)),
    ...(superseded.length > 0 && { superseded }),
    ...(again.length > 0 && { again: Object.fromEntries(again) }),
  };
}

function isMadeFrom({ inputs, superseded, again }: StreamManifest, ids: readonly LandedId<Stream>[]): boolean {
  return isDeepStrictEqual(namesOf(ids), { inputs, ...(superseded && { superseded }), ...(again && { again }) });
}

interface AnswersOfPeriod {
  readonly stream: Stream;
  readonly period: Period;
  readonly ids: readonly LandedId<Stream>[];
}

/**
 * Reads and decodes the landed answers of a period, and leaves out those that another one contains. An archive file
 * that cannot be read is ignored, as with candles. It is reported in the shard in which its range begins.
 * @throws CorruptObject, UnexpectedFormat if an answer of REST cannot be read
 */
async function decodeAnswers<Row extends StreamRow>(
  store: ObjectStore,
  { stream, period, ids }: AnswersOfPeriod,
  decoder: RowDecoder<Row>,
): Promise<DecodedAnswers<Row>> {
  const { overhangMs } = STREAM_TABLE[stream.name];
  const { landed, read, unreadable } = await decodeEach(readEach(store, ids), (one) => decodeRows(one, decoder));
  const objects = read.map(({ landed: { id, receipt }, content, superseded }): DecodedObject<Row> => {
    const { source, range, fetchedAtMs, sha256 } = receipt;
    const { fromMs, toMs } = answeredRange(stream, receipt);
    const place = { id, source, range, answers: { fromMs, toMs: toMs + overhangMs } };
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
    inputs: landed.map(({ id }) => id).filter((id) => !contained.has(id)),
    contained,
    objects: objects.filter((object) => !pairs.has(object)),
    unreadable: files.length > 0 ? { unreadable: files } : {},
  };
}

/** The times that an answer covers, with or without rows. */
function answeredRange(stream: Stream, { range, asOfMs }: ReadLanded<Stream>['receipt']): TimeRange {
  return closedRange(gridOf(stream), range, asOfMs);
}

async function decodeRows<Row extends StreamRow>(landed: ReadLanded<Stream>, decoder: RowDecoder<Row>): Promise<Row[]> {
  const { receipt, bytes } = landed;
  const name = nameInMessages(landed);
  const rows = receipt.source === 'rest' ? decoder.rest(bytes, name) : decoder.file(await unzipCsv(bytes, name), name);
  assertBelong(
    receipt,
    rows.map((row) => row[decoder.time]),
    name,
  );
  return rows.filter((row) => decoder.isComplete?.(row, receipt) ?? true);
}

/** Returns a check that B has, at each time of A in a range, a row with the same values in all columns that A has. */
function agreement<Row extends StreamRow>({ time, compared }: RowDecoder<Row>) {
  const byTime = new Map<DecodedObject<Row>, ReadonlyMap<number, Row>>();
  return (b: DecodedObject<Row>, a: DecodedObject<Row>, range: TimeRange): boolean => {
    const others = getOrCompute(byTime, b, () => new Map(b.rows.map((row) => [row[time], row])));
    return a.rows.every((row) => {
      if (!isWithin(row[time], range)) return true;
      const other = others.get(row[time]);
      return other !== undefined && compared.every((name) => row[name] === undefined || row[name] === other[name]);
    });
  };
}

interface ShardOfAnswers<Row> {
  readonly stream: Stream;
  readonly period: Period;
  readonly answers: DecodedAnswers<Row>;
  readonly life: TimeRange;
  readonly carry: string;
}

/** Makes the rows of a shard. Each time has one row, of the best answer that has one. */
function shardOf<Row extends StreamRow>(
  decoder: RowDecoder<Row>,
  { stream, period, answers, life, carry }: ShardOfAnswers<Row>,
): StreamShard {
  const landed = rankRows(answers.objects, decoder.time).filter(
    ([timeMs]) => streamPeriodOf(stream, timeMs) === period,
  );
  const served = landed.filter(([timeMs]) => isWithin(timeMs, life));
  const times = Float64Array.from(served, ([timeMs]) => timeMs);
  const gaps = decoder.gapsBefore?.(times, carry === '' ? Number.NaN : Number(carry), stream);
  const rows = served.map(([, ranked], index) => {
    const row = completed(ranked, decoder);
    const source = stream.market === 'sim' ? 'simulated' : ranked[0]!.source;
    return { ...row, known_at: decoder.knownAtMs(row, stream), source, gap_before: gaps?.[index] };
  });
  const lastMs = times.at(-1);
  return {
    rows: rows.length,
    columns: columnsOf(STREAM_TABLE[stream.name].schema, rows),
    firstMs: times[0] ?? Number.NaN,
    lastMs: lastMs ?? Number.NaN,
    missing: gaps?.reduce((sum, gap) => sum + gap, 0) ?? 0,
    quarantined: landed.length - served.length,
    ...compareRows(served, decoder.compared),
    ...answers.unreadable,
    carry: gaps ? String(lastMs ?? carry) : '',
  };
}

/** Returns the best row, with the columns that only other current answers have. */
function completed<Row extends StreamRow>(
  ranked: readonly RankedRow<Row>[],
  { completed: columns = [] }: RowDecoder<Row>,
): Row {
  const bestOf = (column: RowColumn<Row>) =>
    ranked.find(({ row, superseded }) => !superseded && row[column] !== undefined)?.row[column];
  return { ...ranked[0]!.row, ...Object.fromEntries(columns.map((column) => [column, bestOf(column)])) };
}
