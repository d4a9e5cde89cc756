import type { Chunk, Source } from '../../domain/chunk.ts';
import { CorruptObject, ExchangeBusy, ExchangeRefused, NotPublished, UnexpectedFormat } from '../../domain/errors.ts';
import { sha256 } from '../../domain/sha256.ts';
import { archivePath } from '../../exchange/binance/archive-path.ts';
import { exchangeWords } from '../../exchange/binance/exchange-words.ts';
import { type Patience, patiently } from '../../exchange/binance/patiently.ts';
import type { Http, HttpAnswer, ObjectStore } from '../../ports.ts';
import { land } from './land.ts';
import { assertRevision } from './revision.ts';
import type { Spent } from './spent.ts';

export interface ArchiveWorld extends Patience {
  readonly store: ObjectStore;
  readonly http: Http;
  readonly urls: { readonly archive: string };
}

export const TIMEOUT_MS = 30_000;
/** Ten times the largest file of a month. */
const MAX_ZIP_BYTES = 64 * 1024 * 1024;
const MAX_CHECKSUM_BYTES = 64 * 1024;

/**
 * Fetches one archive file and lands it.
 * @throws NotPublished where it is not there, or not yet in the version that is wanted
 * @throws CorruptObject as `getVerified` does
 */
export async function fetchArchiveFile(chunk: Chunk, world: ArchiveWorld): Promise<Spent> {
  const path = archivePath(chunk.series, chunk.source as Exclude<Source, 'rest'>, chunk.range);
  const { answer, url, requests, bytes } = await getVerified(path, world);
  assertRevision(chunk, answer, url);
  await land({ chunk, range: chunk.range, url, answer }, world);
  return { requests, bytes, restWeight: 0 };
}

/** One archive file as it came, and what it took to get it. */
export interface VerifiedFile {
  readonly answer: HttpAnswer;
  readonly url: string;
  readonly requests: number;
  readonly bytes: number;
}

/**
 * Fetches one archive file and holds it against its checksum.
 * @param path below the archive's base URL
 * @throws NotPublished where the file or its checksum is not there
 * @throws CorruptObject where the bytes are not those of the checksum, twice
 * @throws UnexpectedFormat if the published checksum is not a checksum, also after further requests
 */
export async function getVerified(path: string, world: Omit<ArchiveWorld, 'store'>): Promise<VerifiedFile> {
  // Some symbols are not ASCII.
  const url = `${world.urls.archive}/${encodeURI(path)}`;
  const file = path.slice(path.lastIndexOf('/') + 1);
  let requests = 0;
  let bytes = 0;

  async function get<T>(from: string, maxBytes: number, read: (answer: HttpAnswer) => T): Promise<T> {
    return patiently(world, async () => {
      requests += 1;
      const got = await world.http.get(from, { timeoutMs: TIMEOUT_MS, maxBytes });
      if (got.status !== 200) throw failureOf(from, got);
      bytes += got.body.byteLength;
      return read(got);
    });
  }

  // Once more from the checksum on: the file may have been replaced between the two.
  for (let tried = 1; ; tried += 1) {
    const expected = await get(`${url}.CHECKSUM`, MAX_CHECKSUM_BYTES, (got) => parseChecksum(got, file));
    const answer = await get(url, MAX_ZIP_BYTES, (got) => got);
    const got = sha256(answer.body);
    if (got === expected) return { answer, url, requests, bytes };
    if (tried === 2) throw new CorruptObject(`${file} has sha256 ${got}, expected ${expected} (${url})`);
  }
}

/** Reads `<sha256>  <file name>`, the form of sha256sum. */
export function parseChecksum(answer: HttpAnswer, file: string): string {
  const text = new TextDecoder().decode(answer.body.subarray(0, 500)).trim();
  const match = /^([0-9a-fA-F]{64})\s+\*?(\S+)$/.exec(text);
  if (match?.[2] !== file) {
    throw new UnexpectedFormat(`${file}.CHECKSUM must be a sha256 and the name ${file}, got '${text.slice(0, 120)}'`);
  }
  return match[1]!.toLowerCase();
}

export function failureOf(url: string, answer: HttpAnswer): Error {
  if (answer.status === 404) return new NotPublished(`${url} is not published (HTTP 404)`);
  const words = exchangeWords(answer.body);
  const message = `${url} answered HTTP ${answer.status}${words ? `: ${words}` : ''}`;
  if (answer.status !== 429 && answer.status < 500) return new ExchangeRefused(message, { status: answer.status });
  const afterSec = Number(answer.headers['retry-after']);
  return new ExchangeBusy(message, afterSec > 0 ? { retryAfterSec: afterSec } : {});
}
