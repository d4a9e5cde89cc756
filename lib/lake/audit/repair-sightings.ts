import type { StreamChunk } from '../../domain/chunk.ts';
import { UnexpectedFormat } from '../../domain/errors.ts';
import { sha256 } from '../../domain/sha256.ts';
import type { Stream } from '../../domain/stream.ts';
import { withServerTime } from '../../exchange/binance/snapshot-clock.ts';
import { contentPrefix } from '../stream-keys.ts';
import type { AuditContext } from './audit-context.ts';
import type { DamagedSighting } from './check-sightings.ts';
import { differs, type Findings } from './findings.ts';
import { OUT_OF_REACH, putOver, remedyOf } from './repair.ts';

/**
 * Mends the bytes of snapshots if the exchange still has the same content. With the clock of the time at which they
 * came, they are the same bytes. Returns the number mended.
 */
export async function repairSightings(
  stream: Stream,
  damaged: readonly DamagedSighting[],
  findings: Findings,
  { store, clock, exchange }: AuditContext,
): Promise<number> {
  if (damaged.length === 0) return 0;
  const nowMs = clock.nowMs();
  const range = { fromMs: nowMs - 1, toMs: nowMs };
  const chunk: StreamChunk = { stream, source: 'rest', range, asOfMs: nowMs, sizeBytes: 0 };
  let why = 'the exchange says other things now';
  const staged = await exchange.fetch(chunk).catch((error: unknown) => {
    if (!(error instanceof UnexpectedFormat)) throw error;
    why = error.message;
    return undefined;
  });
  if (!staged && exchange.isOut('REST')) why = OUT_OF_REACH;
  let mended = 0;
  for (const { key, receipt } of damaged) {
    const expected = /\/([0-9a-f]{64})\.json$/.exec(key)?.[1];
    const own = [...(staged?.objects ?? [])].filter(([other]) => other.startsWith(contentPrefix(receipt)));
    const bytes = own.find(([other]) => !other.endsWith('.receipt.json'))?.[1];
    const then = bytes && withServerTime(bytes, receipt.seenAtMs);
    if (then && sha256(then) === expected) {
      await putOver(store, key, then);
      mended++;
      continue;
    }
    const remedy = remedyOf(why, 'lost: remove it and its receipts by hand; a snapshot cannot be fetched later');
    findings.wrong('landing', differs(key, 'bytes of a snapshot asked for again', expected, why), remedy);
  }
  return mended;
}
