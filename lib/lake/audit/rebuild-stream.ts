import { CorruptObject, UnexpectedFormat } from '../../domain/errors.ts';
import type { Period } from '../../domain/period.ts';
import type { Stream } from '../../domain/stream.ts';
import { manifestKey } from '../keys.ts';
import type { StreamManifest } from '../manifest/contract.ts';
import { remakeStreamShard } from '../refine/streams/make-stream-shard.ts';
import { streamTableKey } from '../stream-keys.ts';
import type { AuditContext } from './audit-context.ts';
import type { AnyReceipt } from './check-receipt.ts';
import type { SoundShard } from './check-shards.ts';
import { differs, type Findings } from './findings.ts';
import { countLandedSince, type LandedByPeriod, type ListedInput } from './landed-by-period.ts';
import { shardRemedy } from './remedies.ts';

const BY_HAND = 'remove it from landing by hand; npx lake run --streams requests it again if it is still available';

/**
 * Rebuilds every shard from the landed objects that its manifest lists, and compares the table, the report and the
 * state that it hands on. Three kinds of shards are left out: shards by other code, shards for which more has landed
 * since, and shards with a damaged input, which is reported already.
 * @param receipts those that are sound and whose bytes are sound, by key; undefined for those of sightings
 * @returns periods whose shard differs
 */
export async function rebuildStream(
  stream: Stream,
  shards: readonly SoundShard<StreamManifest>[],
  landed: LandedByPeriod,
  receipts: ReadonlyMap<string, AnyReceipt | undefined>,
  findings: Findings,
  { store, codeHash, repair }: AuditContext,
): Promise<Period[]> {
  const damaged: Period[] = [];
  const left = { otherCode: 0, landedSince: 0 };
  for (const { period, manifest, before } of shards) {
    if (manifest.codeHash !== codeHash) left.otherCode++;
    else if (countLandedSince(landed.get(period) ?? [], inputsOf(manifest), receipts) > 0) left.landedSince++;
    else if (before !== undefined && manifest.inputs.every((key) => receipts.has(key))) {
      await remake(period, manifest, before);
    }
  }
  note('shards made by other code, and so not made again here', left.otherCode);
  note('shards that more has landed for since, and so not made again here', left.landedSince);
  return damaged;

  function note(what: string, count: number): void {
    if (count > 0) findings.note('rebuild', differs(manifestKey(stream, shards[0]!.period), what, 0, count));
  }

  async function remake(period: Period, known: StreamManifest, before: string): Promise<void> {
    const key = manifestKey(stream, period);
    try {
      const made = await remakeStreamShard(store, known, before);
      const [expected, found] = [made.output?.sha256 ?? 'no table', known.output?.sha256 ?? 'no table'];
      const [expectedText, foundText] = [textOf(made), textOf(known)];
      if (expected === found && expectedText === foundText) return;
      const fault =
        expected === found
          ? differs(
              key,
              'report, and what is handed on, made again from what landed',
              ...fromDifference(expectedText, foundText),
            )
          : differs(streamTableKey(stream, period), 'table, made again from what landed', expected, found);
      findings.wrong('rebuild', fault, shardRemedy(stream, repair));
      damaged.push(period);
    } catch (error) {
      if (!(error instanceof CorruptObject || error instanceof UnexpectedFormat)) throw error;
      findings.wrong('rebuild', differs(key, 'shard, made again from what landed', 'one', error.message), BY_HAND);
    }
  }
}

function inputsOf({ inputs, again = {} }: StreamManifest): ListedInput[] {
  return inputs.map((receiptKey) => ({ receiptKey, again: again[receiptKey] }));
}

/** Returns the parts of a manifest that are not in the table's bytes. For a whole market they have megabytes. */
function textOf({ report, carry }: StreamManifest): string {
  return JSON.stringify([report, carry]);
}

/** Characters of each text in a finding. */
const MOST_SHOWN = 300;

/** Cuts two texts that differ, from shortly before the difference. */
function fromDifference(one: string, other: string): [string, string] {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  const from = Math.max(0, at - MOST_SHOWN / 3);
  return [part(one, from), part(other, from)];
}

function part(text: string, from: number): string {
  const to = from + MOST_SHOWN;
  return `${from > 0 ? '…' : ''}${text.slice(from, to)}${to < text.length ? '…' : ''}`;
}
