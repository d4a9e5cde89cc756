import { CorruptObject, UnexpectedFormat } from '../../domain/errors.ts';
import type { StreamReceipt } from '../../fetch/contract.ts';
import type { LandedAnswer } from './stream-landing.ts';

/** What a landed answer holds, with what decides between it and others. */
export type Decoded<Rows> = Pick<StreamReceipt, 'source' | 'range' | 'fetchedAtMs' | 'asOfMs' | 'sha256'> & {
  readonly superseded?: true;
  readonly rows: Rows;
};

/**
 * Decodes landed answers side by side. A file that cannot be read counts for nothing once a newer version of it has landed.
 * @throws CorruptObject, UnexpectedFormat for any other that cannot be read
 */
export async function decodeAnswers<Rows>(
  answers: readonly LandedAnswer[],
  decode: (answer: LandedAnswer) => Promise<Rows>,
): Promise<Decoded<Rows>[]> {
  const decoded = await Promise.all(
    answers.map(async (answer): Promise<Decoded<Rows>[]> => {
      const { source, range, fetchedAtMs, asOfMs, sha256 } = answer.receipt;
      const told = {
        source,
        range,
        fetchedAtMs,
        asOfMs,
        sha256,
        ...(answer.superseded && { superseded: true as const }),
      };
      try {
        return [{ ...told, rows: await decode(answer) }];
      } catch (error) {
        if (answer.superseded && (error instanceof CorruptObject || error instanceof UnexpectedFormat)) return [];
        throw error;
      }
    }),
  );
  return decoded.flat();
}
