import { UnexpectedFormat } from '../domain/errors.ts';
import { sha256 } from '../domain/sha256.ts';
import { serverTimeOf, withServerTime } from '../domain/snapshot-clock.ts';
import type { StreamChunk } from '../domain/stream.ts';
import { contentKey, contentPrefix, type SnapshotPart, sightingKey } from '../domain/stream-keys.ts';
import { EXCHANGE_INFO_WEIGHT } from '../domain/stream-pages.ts';
import type { SightingReceipt } from './contract.ts';
import type { StreamRestWorld } from './fetch-stream-window.ts';
import { askRest, type RestAnswer } from './rest-client.ts';
import type { Spent } from './spent.ts';

/**
 * Lands what exchangeInfo and fundingInfo say now. Bytes that say nothing new, their clock apart, do not land again: the
 * receipt names the bytes that did, and the time, from which the answer can be put together to the byte. Both parts count
 * as seen at the time that exchangeInfo tells, which is asked last.
 */
export async function fetchSnapshot({ stream }: StreamChunk, world: StreamRestWorld): Promise<Spent> {
  const { market } = stream;
  const ask = (path: string, part: 'funding' | 'instruments', weight: number) =>
    askRest({ market, path, params: {}, weight }, { ...world, governor: world.governors[part] });
  const funding = market === 'spot' ? undefined : await ask('fundingInfo', 'funding', 0);
  const info = await ask('exchangeInfo', 'instruments', EXCHANGE_INFO_WEIGHT[market]);
  const seenAtMs = serverTimeOf(info.body);
  assertObject(info, 'symbols');
  if (!Number.isFinite(seenAtMs)) throw new UnexpectedFormat(`${info.url} must tell its serverTime, got none`);
  if (funding) {
    assertArray(funding);
    await landPart('funding_info', funding);
  }
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

/** Hash of an answer with its clock struck out. */
function contentHash(body: Uint8Array): string {
  return sha256(withServerTime(body, 0));
}

function assertObject(answer: RestAnswer, field: string): void {
  const json = parse(answer);
  if (typeof json !== 'object' || json === null || !Array.isArray((json as Record<string, unknown>)[field])) {
    throw new UnexpectedFormat(`${answer.url} must answer an object with an array '${field}'`);
  }
}

function assertArray(answer: RestAnswer): void {
  if (!Array.isArray(parse(answer))) throw new UnexpectedFormat(`${answer.url} must answer an array`);
}

function parse({ body, url }: RestAnswer): unknown {
  const text = new TextDecoder().decode(body);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UnexpectedFormat(`${url} must answer JSON, got '${text.slice(0, 80)}'`, { cause });
  }
}
