import type { Period } from '../../../domain/period.ts';
import { gridOf, type Stream, streamPeriodOf } from '../../../domain/stream.ts';
import { subtractRanges, type TimeRange } from '../../../domain/time-range.ts';
import type { StreamReceipt } from '../../fetch/contract.ts';
import { closedRange } from '../../landing/answer.ts';
import { decodeEach } from '../../landing/decode-each.ts';
import type { LandedAnswer } from '../../landing/stream-landing.ts';
import { unreadableFile } from '../../ledger/failed-chunk.ts';
import type { StreamShardReport, UnreadableStreamFile } from '../../manifest/contract.ts';

/** What a landed answer holds, with what decides between it and others. */
export type Decoded<Rows> = Pick<StreamReceipt, 'source' | 'range' | 'fetchedAtMs' | 'asOfMs' | 'sha256'> & {
  readonly superseded?: true;
  readonly rows: Rows;
};

export interface DecodedAnswers<Rows> {
  readonly decoded: readonly Decoded<Rows>[];
  /** What the shard's report says of files that cannot be read. */
  readonly unreadable: Pick<StreamShardReport, 'unreadable'>;
}

/**
 * Decodes what landed for a shard. An archive file that cannot be read says nothing, as with candles, and is told of in the
 * shard in which it begins: its last row may be the first of the next.
 * @throws CorruptObject, UnexpectedFormat where an answer of REST cannot be read
 */
export async function decodeAnswers<Rows>(
  stream: Stream,
  period: Period,
  answers: readonly LandedAnswer[],
  decode: (answer: LandedAnswer) => Promise<Rows>,
): Promise<DecodedAnswers<Rows>> {
  const { read, unreadable } = await decodeEach(answers, decode);
  const told = read.filter(({ superseded }) => !superseded).map(({ landed }) => toldRange(stream, landed.receipt));
  const files = unreadable
    .filter(({ landed }) => streamPeriodOf(stream, landed.receipt.range.fromMs) === period)
    .map(({ landed: { receipt }, error: { name, message } }): UnreadableStreamFile => {
      const file = { source: receipt.source, asked: receipt.range, error: name, message };
      return { ...unreadableFile(file), lacking: subtractRanges(toldRange(stream, receipt), told) };
    });
  const decoded = read.map(({ landed, content, superseded }): Decoded<Rows> => {
    const { source, range, fetchedAtMs, asOfMs, sha256 } = landed.receipt;
    return { source, range, fetchedAtMs, asOfMs, sha256, ...(superseded && { superseded }), rows: content };
  });
  return { decoded, unreadable: files.length > 0 ? { unreadable: files } : {} };
}

/** The times that an answer tells of, with or without rows. */
function toldRange(stream: Stream, { range, asOfMs }: StreamReceipt): TimeRange {
  return closedRange(gridOf(stream), range, asOfMs);
}
