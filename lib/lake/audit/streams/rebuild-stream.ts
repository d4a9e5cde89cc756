import { CorruptObject, UnexpectedFormat } from '../../../domain/errors.ts';
import type { Period } from '../../../domain/period.ts';
import type { Stream } from '../../../domain/stream.ts';
import { manifestKey } from '../../keys.ts';
import type { StreamManifest } from '../../manifest/contract.ts';
import { streamTableKey } from '../../stream-keys.ts';
import type { Findings } from '../findings.ts';
import type { AuditWorld } from '../world.ts';
import type { SoundStreamShard } from './check-stream-shards.ts';

const DISTRUST = 'npx lake audit --repair, then npx lake run --streams';
const BY_HAND = 'remove it from landing by hand; npx lake run --streams asks for it again where it can still be had';

/**
 * Makes every shard again from the landed objects that its manifest names, and compares: the table, its report and what it
 * hands on. Left to the next run are shards that other code made or that more has landed for, and those of which something
 * landed is damaged, which has been said.
 * @param soundReceipts keys of receipts that are sound, as the bytes beside them
 * @returns periods whose shard is not what it is made of
 */
export async function rebuildStream(
  stream: Stream,
  shards: readonly SoundStreamShard[],
  soundReceipts: ReadonlySet<string>,
  findings: Findings,
  { store, readers, codeHash }: AuditWorld,
): Promise<Period[]> {
  const damaged: Period[] = [];
  const others = { code: 0, landed: 0 };
  for (const { period, manifest, carry, landedSince } of shards) {
    if (manifest.codeHash !== codeHash) others.code++;
    else if (landedSince > 0) others.landed++;
    else if (carry !== undefined && manifest.inputs.every((key) => soundReceipts.has(key))) {
      await remake(period, manifest, carry);
    }
  }
  note('shards made by other code, and so not made again here', others.code);
  note('shards that more has landed for since, and so not made again here', others.landed);
  return damaged;

  function note(what: string, count: number): void {
    if (count === 0) return;
    const place = manifestKey(stream, shards[0]!.period);
    findings.add('rebuild', 'note', { place, what, expected: '0', found: String(count), remedy: '' });
  }

  function wrong(place: string, what: string, expected: string, found: string, remedy = DISTRUST): void {
    findings.add('rebuild', 'wrong', { place, what, expected, found, remedy });
  }

  async function remake(period: Period, known: StreamManifest, carry: string): Promise<void> {
    const key = manifestKey(stream, period);
    try {
      const made = await readers.remakeStreamShard(store, known, carry);
      const [expected, found] = [made.output?.sha256 ?? 'no table', known.output?.sha256 ?? 'no table'];
      if (expected !== found) {
        wrong(streamTableKey(stream, period), 'table, made again from what landed', expected, found);
      } else if (textOf(made) !== textOf(known)) {
        const what = 'report, and what is handed on, made again from what landed';
        wrong(key, what, ...fromDifference(textOf(made), textOf(known)));
      } else return;
      damaged.push(period);
    } catch (error) {
      if (!(error instanceof CorruptObject || error instanceof UnexpectedFormat)) throw error;
      wrong(key, 'shard, made again from what landed', 'one', error.message, BY_HAND);
    }
  }
}

/** What is not in the table's bytes; of a whole market that is megabytes. */
function textOf({ report, carry }: StreamManifest): string {
  return JSON.stringify([report, carry]);
}

const TOLD = 300;

/** Two texts that differ, from shortly before they do. */
function fromDifference(one: string, other: string): [string, string] {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  const from = Math.max(0, at - TOLD / 3);
  return [part(one, from), part(other, from)];
}

function part(text: string, from: number): string {
  const to = from + TOLD;
  return `${from > 0 ? '…' : ''}${text.slice(from, to)}${to < text.length ? '…' : ''}`;
}
