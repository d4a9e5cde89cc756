import pLimit from 'p-limit';
import * as z from 'zod';
import { sha256 } from '../../domain/sha256.ts';
import { type Stream, streamTitle } from '../../domain/stream.ts';
import { withServerTime } from '../../exchange/binance/snapshot-clock.ts';
import type { ObjectStore } from '../../ports.ts';
import { parseJson } from '../json.ts';
import type { SightingReceipt } from '../landing/sightings.ts';
import { contentPrefix, parseSightingKey, type Sighting, sightingKey } from '../stream-keys.ts';
import type { AuditContext } from './audit-context.ts';
import { EARLIEST_MS } from './check-receipt.ts';
import { differs, type Fault, type Findings, missing } from './findings.ts';
import { BY_HAND } from './remedies.ts';

/** The key of landed bytes that are damaged or missing, and a sound receipt of one time at which they came. */
export interface DamagedSighting {
  readonly key: string;
  readonly receipt: SightingReceipt;
}

interface CheckedSightings {
  /** Keys of the receipts that are sound, and whose bytes are sound. */
  readonly sound: ReadonlySet<string>;
  readonly damaged: readonly DamagedSighting[];
  readonly objects: number;
}

/** Objects that are read at once. */
const AT_ONCE = 8;
const FACTS = 'the facts of its key and bytes';
const LOST = 'lost: remove it by hand, and the sighting with it; a snapshot cannot be fetched later';
const SEE_AGAIN = 'npx lake audit --repair mends it where the exchange still says the same';

const RECEIPT = z.object({
  stream: z.object({ name: z.string(), market: z.string() }),
  part: z.string(),
  contentSha256: z.string(),
  seenAtMs: z.number(),
  bytesKey: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  url: z.url(),
  fetchedAtMs: z.number(),
  sizeBytes: z.int(),
});

/**
 * Compares the sightings of a market's instruments with their keys, and the bytes that they name with the hash in their
 * key. With the clock of the sighting, the bytes must be those that came then.
 * @param keys everything below the landing prefix of the stream
 * @param inputs keys of receipts that manifests list
 */
export async function checkSightings(
  stream: Stream,
  keys: ReadonlySet<string>,
  inputs: ReadonlySet<string>,
  findings: Findings,
  { store }: AuditContext,
): Promise<CheckedSightings> {
  const receipts = [...new Set([...keys, ...inputs])].filter((key) => key.endsWith('.receipt.json'));
  const limit = pLimit(AT_ONCE);
  const wrong = (fault: Fault, remedy: string) => findings.wrong('landing', fault, remedy);
  const read = await Promise.all(receipts.map((key) => limit(() => readSighting(stream, key, store, wrong))));
  const byBytes = new Map<string, SightingReceipt[]>();
  for (const receipt of read) {
    if (receipt) byBytes.set(receipt.bytesKey, [...(byBytes.get(receipt.bytesKey) ?? []), receipt]);
  }
  const checked = await Promise.all([...byBytes].map(([key, own]) => limit(() => checkBytes(key, own, store, wrong))));
  for (const key of keys) {
    if (key.endsWith('.receipt.json') || byBytes.has(key)) continue;
    findings.note('landing', missing(key, 'receipt of landed bytes'));
  }
  return {
    sound: new Set(checked.flatMap(({ sound }) => sound)),
    damaged: checked.flatMap(({ damaged }) => damaged),
    objects: receipts.length + byBytes.size,
  };
}

type ReportWrong = (fault: Fault, remedy: string) => void;

/** Reads bytes once for all times at which they were seen. They are not kept, because exchangeInfo has a megabyte. */
async function checkBytes(
  key: string,
  own: readonly SightingReceipt[],
  store: ObjectStore,
  wrong: ReportWrong,
): Promise<{ readonly sound: readonly string[]; readonly damaged: readonly DamagedSighting[] }> {
  const bytes = await store.get(key);
  const expected = /\/([0-9a-f]{64})\.json$/.exec(key)![1]!;
  const found = bytes ? sha256(bytes) : 'not there';
  if (!bytes || found !== expected) {
    // The receipt of the time when the bytes came first has their hash.
    const receipt = own.find((one) => one.sha256 === expected);
    const fault = bytes ? differs(key, 'landed bytes', expected, found) : missing(key, 'landed bytes');
    wrong(fault, receipt ? SEE_AGAIN : LOST);
    return { sound: [], damaged: [{ key, receipt: receipt ?? own[0]! }] };
  }
  const sound: string[] = [];
  for (const receipt of own) {
    const fault = faultOf(receipt, bytes);
    if (fault === undefined) sound.push(sightingKey(receipt));
    else wrong(differs(sightingKey(receipt), 'receipt of a sighting', FACTS, fault), LOST);
  }
  return { sound, damaged: [] };
}

/** Reads a receipt. Returns undefined if it does not agree with its key. */
async function readSighting(
  stream: Stream,
  key: string,
  store: ObjectStore,
  wrong: ReportWrong,
): Promise<SightingReceipt | undefined> {
  const sighting = parseSightingKey(stream, key);
  if (!sighting || sightingKey(sighting) !== key) {
    wrong(differs(key, 'key of a receipt', 'part, content and time', 'none'), BY_HAND);
    return undefined;
  }
  const text = await store.get(key);
  const read = text ? readReceipt(text, sighting) : 'not there';
  if (typeof read !== 'string') return read;
  wrong(differs(key, 'receipt of a sighting', FACTS, read), LOST);
  return undefined;
}

function readReceipt(text: Uint8Array, sighting: Sighting): SightingReceipt | string {
  const parsed = parseJson(text, RECEIPT);
  if (typeof parsed === 'string') return parsed;
  const receipt = parsed as unknown as SightingReceipt;
  if (streamTitle(receipt.stream) !== streamTitle(sighting.stream)) return `stream ${streamTitle(receipt.stream)}`;
  if (receipt.part !== sighting.part) return `part ${receipt.part}`;
  if (receipt.contentSha256 !== sighting.contentSha256) return `content ${receipt.contentSha256}`;
  if (receipt.seenAtMs !== sighting.seenAtMs) return `seen at ${receipt.seenAtMs}`;
  if (!receipt.bytesKey.startsWith(contentPrefix(sighting))) return `bytes ${receipt.bytesKey}`;
  if (!/\/[0-9a-f]{64}\.json$/.test(receipt.bytesKey)) return `bytes ${receipt.bytesKey}`;
  if (!(receipt.fetchedAtMs >= EARLIEST_MS)) return `fetched at ${receipt.fetchedAtMs}`;
  return receipt;
}

/** Returns the first difference between a receipt and the bytes that it names, as text. */
function faultOf({ contentSha256, seenAtMs, sha256: came, sizeBytes }: SightingReceipt, body: Uint8Array) {
  const content = sha256(withServerTime(body, 0));
  if (content !== contentSha256) return `bytes whose content is ${content}`;
  const then = withServerTime(body, seenAtMs);
  if (sha256(then) !== came) return `bytes that were ${sha256(then)} then`;
  return then.length === sizeBytes ? undefined : `${sizeBytes} bytes of ${then.length}`;
}
