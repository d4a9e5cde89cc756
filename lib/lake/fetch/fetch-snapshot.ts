import { sha256 } from '../../domain/sha256.ts';
import type { Stream } from '../../domain/stream.ts';
import { sumOf } from '../../domain/sum-of.ts';
import { withServerTime } from '../../exchange/binance/snapshot-clock.ts';
import type { RestFetched } from '../../exchange/venue.ts';
import { venueOf } from '../../exchange/venues.ts';
import type { SightingReceipt } from '../landing/sightings.ts';
import { contentKey, contentPrefix, type SnapshotPart, sightingKey } from '../stream-keys.ts';
import type { FetchContext, Spent } from './contract.ts';

/**
 * Lands a snapshot of the instruments. Bytes whose content is known, apart from their clock, do not land again: the
 * receipt names the bytes that landed and the time, from which the answer can be restored exactly. Both parts count as
 * seen at the time in exchangeInfo.
 */
export async function fetchSnapshot(stream: Stream, { store, ...access }: FetchContext): Promise<Spent> {
  const { seenAtMs, exchangeInfo, fundingInfo } = await venueOf(stream.market).getSnapshot(stream.market, access);
  if (fundingInfo) await landPart('funding_info', fundingInfo);
  await landPart('exchange_info', exchangeInfo);

  async function landPart(part: SnapshotPart, { url, answer: { body } }: RestFetched): Promise<void> {
    const content = { stream, part, contentSha256: sha256(withServerTime(body, 0)) };
    const bytesSha256 = sha256(body);
    const there = await store.list(contentPrefix(content));
    const landed = there.find(({ key }) => /\/[0-9a-f]{64}\.json$/.test(key))?.key;
    const bytesKey = landed ?? contentKey(content, bytesSha256);
    if (!landed) await store.put(bytesKey, body);
    const receipt: SightingReceipt = {
      ...content,
      seenAtMs,
      bytesKey,
      sha256: bytesSha256,
      url,
      fetchedAtMs: access.clock.nowMs(),
      sizeBytes: body.byteLength,
    };
    await store.put(sightingKey(receipt), new TextEncoder().encode(JSON.stringify(receipt)));
  }

  const answers = fundingInfo ? [fundingInfo, exchangeInfo] : [exchangeInfo];
  return {
    requests: sumOf(answers, ({ requests }) => requests),
    bytes: sumOf(answers, ({ bytes }) => bytes),
    restWeight: sumOf(answers, ({ weight }) => weight),
  };
}
