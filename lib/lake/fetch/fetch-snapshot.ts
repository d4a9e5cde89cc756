import type { StreamChunk } from '../../domain/chunk.ts';
import { UnexpectedFormat } from '../../domain/errors.ts';
import { sha256 } from '../../domain/sha256.ts';
import { askRest, type RestAnswer } from '../../exchange/binance/rest-client.ts';
import { serverTimeOf, withServerTime } from '../../exchange/binance/snapshot-clock.ts';
import { assertExchangeInfo, assertFundingInfo } from '../../exchange/binance/stream-answer.ts';
import { EXCHANGE_INFO_WEIGHT } from '../../exchange/binance/stream-pages.ts';
import { contentKey, contentPrefix, type SnapshotPart, sightingKey } from '../stream-keys.ts';
import type { SightingReceipt } from './contract.ts';
import type { StreamRestWorld } from './fetch-stream-window.ts';
import type { Spent } from './spent.ts';

/**
 * Lands what exchangeInfo and fundingInfo say now. Bytes that say nothing new, their clock apart, do not land again: the
 * receipt names the bytes that did, and the time, from which the answer can be put together to the byte. Both parts count
 * as seen at the time that exchangeInfo tells, which is asked last.
 */
export async function fetchSnapshot({ stream }: StreamChunk, world: StreamRestWorld): Promise<Spent> {
  const { market } = stream;
  const governed = (part: 'funding' | 'instruments') => ({ ...world, governor: world.governors[part] });
  const question = (path: string, weight: number) => ({ market, path, params: {}, weight });
  const funding =
    market === 'spot' ? undefined : await askRest(question('fundingInfo', 0), governed('funding'), assertFundingInfo);
  const infoQuestion = question('exchangeInfo', EXCHANGE_INFO_WEIGHT[market]);
  const info = await askRest(infoQuestion, governed('instruments'), timeOfExchangeInfo);
  const seenAtMs = info.value;
  if (funding) await landPart('funding_info', funding);
  await landPart('exchange_info', info);

  async function landPart(part: SnapshotPart, answer: RestAnswer): Promise<void> {
    const content = { stream, part, contentSha256: contentHash(answer.body) };
    const bytesSha256 = sha256(answer.body);
    const there = await world.store.list(contentPrefix(content));
    const landed = there.find(({ key }) => /\/[0-9a-f]{64}\.json$/.test(key))?.key;
    const bytesKey = landed ?? contentKey(content, bytesSha256);
    if (!landed) await world.store.put(bytesKey, answer.body);
    const receipt: SightingReceipt = {
      ...content,
      seenAtMs,
      bytesKey,
      sha256: bytesSha256,
      url: answer.url,
      fetchedAtMs: world.clock.nowMs(),
      sizeBytes: answer.body.byteLength,
    };
    await world.store.put(sightingKey(receipt), new TextEncoder().encode(JSON.stringify(receipt)));
  }

  const answers = funding ? [funding, info] : [info];
  return {
    requests: answers.reduce((sum, answer) => sum + answer.requests, 0),
    bytes: answers.reduce((sum, answer) => sum + answer.body.byteLength, 0),
    restWeight: info.requests * EXCHANGE_INFO_WEIGHT[market],
  };
}

/** The server time of an exchangeInfo answer. @throws UnexpectedFormat if it is not such an answer */
function timeOfExchangeInfo(body: Uint8Array, url: string): number {
  assertExchangeInfo(body, url);
  const timeMs = serverTimeOf(body);
  if (!Number.isFinite(timeMs)) throw new UnexpectedFormat(`${url} must tell its serverTime, got none`);
  return timeMs;
}

/** Hash of an answer with its clock struck out. */
function contentHash(body: Uint8Array): string {
  return sha256(withServerTime(body, 0));
}
