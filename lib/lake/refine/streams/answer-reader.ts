import { isDeepStrictEqual } from 'node:util';
import { CLOSE_MARGIN_MS } from '../../../domain/closed.ts';
import type { Period } from '../../../domain/period.ts';
import type { Stream } from '../../../domain/stream.ts';
import { STREAM_TABLE, type StreamFacts } from '../../../domain/stream-table.ts';
import { gridOf, isOfSeries, streamPeriodOf } from '../../../domain/subject-times.ts';
import { isWithin, subtractRanges, type TimeRange } from '../../../domain/time-range.ts';
import { unzipCsv } from '../../../exchange/binance/unzip.ts';
import { decodeStream } from '../../../exchange/decode-stream.ts';
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
import { assertBelong } from './assert-belong.ts';
import { type IdentifiedRow, identifyRows, timeOf } from './identify-rows.ts';
import { missingBefore } from './missing-before.ts';
import { compareRows, type RankedRow, rankRows } from './rank-rows.ts';
import type { DecodedInputs, NamedInputs, StreamReader, StreamShard } from './stream-reader.ts';

/** One landed answer, decoded. */
interface DecodedObject extends Containable {
  readonly id: LandedId<Stream>;
  readonly rows: readonly IdentifiedRow[];
}

interface DecodedAnswers extends DecodedPeriod<Stream> {
  readonly objects: readonly DecodedObject[];
  readonly unreadable: Pick<StreamShardReport, 'unreadable'>;
}

/** Reads the rows of a stream from archive files and answers of REST. */
export const ANSWER_READER: StreamReader = {
  async open(store, stream) {
    const inputs = await createLandedInputs<Stream, DecodedAnswers, StreamManifest>(store, stream, {
      decode: (period, ids) => decodeAnswers(store, { stream, period, ids }),
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
    return describe(stream, period, await decodeAnswers(store, { stream, period, ids }));
  },
};

function describe(stream: Stream, period: Period, answers: DecodedAnswers): DecodedInputs {
  return {
    ...namesOf(answers.inputs),
    rows: (life, carry) => shardOf({ stream, period, answers, life, carry }),
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
async function decodeAnswers(store: ObjectStore, { stream, period, ids }: AnswersOfPeriod): Promise<DecodedAnswers> {
  const { overhangMs } = STREAM_TABLE[stream.name];
  const { landed, read, unreadable } = await decodeEach(readEach(store, ids), decodeRows);
  const objects = read.map(({ landed: { id, receipt }, content, superseded }): DecodedObject => {
    const { source, range, fetchedAtMs, sha256 } = receipt;
    const { fromMs, toMs } = answeredRange(stream, receipt);
    const place = { id, source, range, answers: { fromMs, toMs: toMs + overhangMs } };
    return { ...place, fetchedAtMs, sha256, ...(superseded && { superseded }), rows: content };
  });
  const pairs = findContained(period, objects, agreement(STREAM_TABLE[stream.name]));
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

/** Candles that had not closed when they were fetched are left out. */
async function decodeRows(landed: ReadLanded<Stream>): Promise<IdentifiedRow[]> {
  const { receipt, bytes } = landed;
  const { stream, source, asOfMs } = receipt;
  const facts = STREAM_TABLE[stream.name];
  const place = nameInMessages(landed);
  const isFile = source !== 'rest';
  const rows = decodeStream(stream, isFile ? 'file' : 'rest', isFile ? await unzipCsv(bytes, place) : bytes, place);
  assertBelong(
    receipt,
    rows.map((row) => timeOf(facts, row)),
    place,
  );
  const closed = isOfSeries(stream)
    ? rows.filter((row) => facts.knownAtMs(row, stream.interval) <= asOfMs - CLOSE_MARGIN_MS)
    : rows;
  return identifyRows(facts, closed);
}

/** Returns a check that B has each row that A has in a range, with the same values in all columns that A has. */
function agreement({ compared }: Pick<StreamFacts, 'compared'>) {
  const byId = new Map<DecodedObject, ReadonlyMap<IdentifiedRow['id'], IdentifiedRow['row']>>();
  return (b: DecodedObject, a: DecodedObject, range: TimeRange): boolean => {
    const others = getOrCompute(byId, b, () => new Map(b.rows.map(({ id, row }) => [id, row])));
    return a.rows.every(({ id, row, timeMs }) => {
      if (!isWithin(timeMs, range)) return true;
      const other = others.get(id);
      return other !== undefined && compared.every((one) => row[one] === undefined || row[one] === other[one]);
    });
  };
}

interface ShardOfAnswers {
  readonly stream: Stream;
  readonly period: Period;
  readonly answers: DecodedAnswers;
  readonly life: TimeRange;
  readonly carry: string;
}

/** Makes the rows of a shard. Each identity has one row, of the best answer that has one. */
function shardOf({ stream, period, answers, life, carry }: ShardOfAnswers): StreamShard {
  const facts = STREAM_TABLE[stream.name];
  const landed = rankRows(facts, answers.objects).filter(({ timeMs }) => streamPeriodOf(stream, timeMs) === period);
  const served = landed.filter(({ timeMs }) => isWithin(timeMs, life));
  const times = Float64Array.from(served, ({ timeMs }) => timeMs);
  const gaps = missingBefore(stream, times, carry === '' ? Number.NaN : Number(carry));
  const optional = facts.schema.columns.filter(({ nullable }) => nullable).map(({ name }) => name);
  const rows = served.map(({ rows: ranked }, index) => {
    const row = completed(ranked, optional);
    const source = stream.market === 'sim' ? 'simulated' : ranked[0]!.source;
    return { ...row, known_at: facts.knownAtMs(row, stream.interval), source, gap_before: gaps?.[index] };
  });
  const lastMs = times.at(-1);
  return {
    rows: rows.length,
    columns: columnsOf(facts.schema, rows),
    firstMs: times[0] ?? Number.NaN,
    lastMs: lastMs ?? Number.NaN,
    missing: gaps?.reduce((sum, gap) => sum + gap, 0) ?? 0,
    quarantined: landed.length - served.length,
    ...compareRows(facts, served),
    ...answers.unreadable,
    carry: gaps ? String(lastMs ?? carry) : '',
  };
}

/** Returns the best row. A column that not every source has is that of the best current answer that has a value. */
function completed(ranked: readonly RankedRow[], optional: readonly string[]) {
  const bestOf = (column: string) =>
    ranked.find(({ row, superseded }) => !superseded && row[column] !== undefined)?.row[column];
  return { ...ranked[0]!.row, ...Object.fromEntries(optional.map((column) => [column, bestOf(column)])) };
}
