import { CorruptObject, UnexpectedFormat } from '../../domain/errors.ts';
import { byNewest, type Receipt } from './receipt.ts';

/** A landed object, whose bytes are those that landed. */
interface Decodable {
  readonly receipt: Pick<Receipt, 'source' | 'range' | 'fetchedAtMs' | 'sha256'>;
  /** Set if a newer version of the same archive file has landed. */
  readonly superseded?: true;
}

interface DecodedEach<Landed extends Decodable, Content> {
  /** All objects, in the order given. */
  readonly landed: readonly Landed[];
  /** The objects that can be read, in the order given. */
  readonly read: readonly ReadObject<Landed, Content>[];
  /** Archive files that cannot be read, by their newest version. */
  readonly unreadable: readonly { readonly landed: Landed; readonly error: Error }[];
}

interface ReadObject<Landed extends Decodable, Content> {
  readonly landed: Landed;
  readonly content: Content;
  /** Set if another version of the same archive file is used instead. */
  readonly superseded?: true;
}

/**
 * Decodes landed objects one after the other. An archive file that cannot be read is ignored: the newest of its older
 * versions that can be read is used.
 * @throws CorruptObject, UnexpectedFormat if an answer of REST cannot be read, which is checked when it is fetched
 */
export async function decodeEach<Landed extends Decodable, Content>(
  objects: Iterable<Landed> | AsyncIterable<Landed>,
  decode: (landed: Landed) => Content | Promise<Content>,
): Promise<DecodedEach<Landed, Content>> {
  const all: Landed[] = [];
  const decoded: { readonly landed: Landed; readonly content: Content }[] = [];
  const unreadable: { readonly landed: Landed; readonly error: Error }[] = [];
  for await (const landed of objects) {
    all.push(landed);
    try {
      decoded.push({ landed, content: await decode(landed) });
    } catch (error) {
      if (!isUnreadableFile(landed, error)) throw error;
      if (!landed.superseded) unreadable.push({ landed, error });
    }
  }
  const standIns = new Set(unreadable.map(({ landed }) => standInFor(landed, decoded)));
  const read = decoded.map((one) => ({
    ...one,
    ...(one.landed.superseded && !standIns.has(one) && { superseded: one.landed.superseded }),
  }));
  return { landed: all, read, unreadable };
}

function isUnreadableFile({ receipt }: Decodable, error: unknown): error is Error {
  return receipt.source !== 'rest' && (error instanceof CorruptObject || error instanceof UnexpectedFormat);
}

/** Returns the newest of the versions of a file that can be read. */
function standInFor<One extends { readonly landed: Decodable }>(
  { receipt: { source, range } }: Decodable,
  decoded: readonly One[],
): One | undefined {
  return decoded
    .filter(({ landed: { receipt } }) => receipt.source === source && receipt.range.fromMs === range.fromMs)
    .sort((a, b) => byNewest(a.landed.receipt, b.landed.receipt))[0];
}
