import { CorruptObject, UnexpectedFormat } from '../../domain/errors.ts';
import type { Market } from '../../domain/market.ts';
import { sha256 } from '../../domain/sha256.ts';
import type { HttpAnswer } from '../../ports.ts';
import type { ArchiveAccess } from '../access.ts';
import { type Accepted, get } from '../client.ts';
import type { Fetched } from '../venue.ts';

const MAX_CHECKSUM_BYTES = 64 * 1024;

/**
 * Fetches one archive file and compares it with its checksum.
 * @param path below the archive's base URL
 * @throws NotPublished if the file or its checksum is missing
 * @throws CorruptObject if the bytes do not match the checksum, twice
 * @throws UnexpectedFormat if the published checksum is not a checksum, also after further requests
 */
export async function getVerified(market: Market, path: string, access: ArchiveAccess): Promise<Fetched> {
  const url = urlOf(market, path, access);
  const name = nameOf(path);
  let requests = 0;
  let bytes = 0;
  // The file may be replaced between the two requests, so both are repeated once.
  for (let tried = 1; ; tried += 1) {
    const checksum = await getChecksum(market, path, access);
    const file = await get(url, access, () => undefined, { isFile: true });
    requests += checksum.requests + file.requests;
    bytes += checksum.bytes + file.bytes;
    const got = sha256(file.answer.body);
    if (got === checksum.value) return { answer: file.answer, url, requests, bytes };
    if (tried === 2) throw new CorruptObject(`${name} has sha256 ${got}, expected ${checksum.value} (${url})`);
  }
}

/**
 * Fetches the sha256 that the archive publishes of a file.
 * @throws NotPublished if the checksum is missing, UnexpectedFormat if it is not a checksum of this file
 */
export function getChecksum(market: Market, path: string, access: ArchiveAccess): Promise<Accepted<string>> {
  const options = { isFile: true, maxBytes: MAX_CHECKSUM_BYTES };
  return get(
    `${urlOf(market, path, access)}.CHECKSUM`,
    access,
    (answer) => parseChecksum(answer, nameOf(path)),
    options,
  );
}

/** Reads `<sha256>  <file name>`, the form of sha256sum. */
function parseChecksum(answer: HttpAnswer, file: string): string {
  const text = new TextDecoder().decode(answer.body.subarray(0, 500)).trim();
  const match = /^([0-9a-fA-F]{64})\s+\*?(\S+)$/.exec(text);
  if (match?.[2] !== file) {
    throw new UnexpectedFormat(`${file}.CHECKSUM must be a sha256 and the name ${file}, got '${text.slice(0, 120)}'`);
  }
  return match[1]!.toLowerCase();
}

/** Some symbols are not ASCII. */
function urlOf(market: Market, path: string, { urls }: ArchiveAccess): string {
  return `${urls[market].archive}/${encodeURI(path)}`;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
