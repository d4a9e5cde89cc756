import type { StreamChunk } from '../../../domain/chunk.ts';
import { UnexpectedFormat } from '../../../domain/errors.ts';
import { sha256 } from '../../../domain/sha256.ts';
import type { Stream } from '../../../domain/stream.ts';
import { withServerTime } from '../../../exchange/binance/snapshot-clock.ts';
import type { SightingReceipt } from '../../fetch/contract.ts';
import { contentPrefix } from '../../stream-keys.ts';
import type { Findings } from '../findings.ts';
import { putOver } from '../repair.ts';
import type { AuditWorld } from '../world.ts';

/**
 * Mends the bytes of snapshots where the exchange still says the same: with the clock of the time at which they came they
 * are the same bytes. Returns how many came so.
 */
export async function seeAgain(
  stream: Stream,
  damaged: readonly { readonly key: string; readonly receipt: SightingReceipt }[],
  findings: Findings,
  world: AuditWorld,
): Promise<number> {
  if (damaged.length === 0) return 0;
  const nowMs = world.clock.nowMs();
  const range = { fromMs: nowMs - 1, toMs: nowMs };
  const chunk: StreamChunk = { stream, source: 'rest', range, asOfMs: nowMs, sizeBytes: 0 };
  let why = 'the exchange says other things now';
  const staging = await world.reach
    .ask('REST', () => world.exchange.fetch(chunk))
    .catch((error: unknown) => {
      if (!(error instanceof UnexpectedFormat)) throw error;
      why = error.message;
      return undefined;
    });
  if (!staging && world.reach.isOut('REST')) why = 'the exchange is out of reach';
  let mended = 0;
  for (const { key, receipt } of damaged) {
    const expected = /\/([0-9a-f]{64})\.json$/.exec(key)?.[1];
    const own = [...(staging?.objects ?? [])].filter(([other]) => other.startsWith(contentPrefix(receipt)));
    const bytes = own.find(([other]) => !other.endsWith('.receipt.json'))?.[1];
    const then = bytes && withServerTime(bytes, receipt.seenAtMs);
    if (then && sha256(then) === expected) {
      await putOver(world.store, key, then);
      mended++;
      continue;
    }
    findings.add('landing', 'wrong', {
      place: key,
      what: 'bytes of a snapshot asked for again',
      expected: String(expected),
      found: why,
      remedy:
        why === 'the exchange is out of reach'
          ? 'repair again with the exchange in reach'
          : 'lost: remove it and its receipts by hand; a snapshot cannot be had later',
    });
  }
  return mended;
}
