import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import { parseRangeLabel, rangeLabel, type Source } from '../../lib/domain/chunk.ts';
import { nextOpenTime } from '../../lib/domain/interval.ts';
import type { Series } from '../../lib/domain/series.ts';
import type { TimeRange } from '../../lib/domain/time-range.ts';
import { type LandingId, landingKey, receiptKey } from '../../lib/lake/keys.ts';
import type { Receipt } from '../../lib/lake/landing/receipt.ts';
import { mergeReceipts, parseReceipt } from '../../lib/lake/landing/receipt.ts';
import type { ObjectStore } from '../../lib/ports.ts';
import { restBody } from './candle-rows.ts';

/** What the exchange answered once. */
export interface Answer {
  readonly series: Series;
  readonly source: Source;
  /** Lines of the archive's CSV; a REST answer is made of the same. */
  readonly rows: readonly string[];
  /** From the first row to the end of the last, where left out. */
  readonly range?: TimeRange;
  readonly fetchedAtMs?: number;
  readonly asOfMs?: number;
  /** Begin of the page, if it answers for a page that was open. */
  readonly openPageMs?: number;
}

/** An answer of the series that a test is about. */
export type SeriesAnswer = Omit<Answer, 'series'>;

/** An answer as the objects that land of it. */
export interface LandedObject {
  readonly id: LandingId;
  readonly bytes: Uint8Array;
  readonly receipt: Receipt;
}

const LATER_MS = Date.UTC(2030, 0, 1);

export async function landedObject(answer: Answer): Promise<LandedObject> {
  const { series, source, rows, fetchedAtMs = LATER_MS, asOfMs = LATER_MS, openPageMs } = answer;
  const openTime = (row: string) => Number(row.slice(0, row.indexOf(',')));
  const told = answer.range ?? {
    fromMs: openTime(rows[0]!),
    toMs: nextOpenTime(series.interval, openTime(rows.at(-1)!)),
  };
  // A file is of its whole day or month, whatever rows it has.
  const range = parseRangeLabel(source, rangeLabel(source, told));
  const bytes = source === 'rest' ? restBody(rows) : await zipOf('some.csv', `${rows.join('\n')}\n`);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const id = { series, source, range, sha256, ...(openPageMs !== undefined && { openPageMs }) };
  const url = `http://127.0.0.1/data/${series.symbol}-${series.interval}.zip`;
  return { id, bytes, receipt: { ...id, url, fetchedAtMs, asOfMs, sizeBytes: bytes.length } };
}

async function zipOf(name: string, text: string): Promise<Buffer> {
  const zip = new ZipFile();
  zip.addBuffer(Buffer.from(text), name, { mtime: new Date(2020, 0, 1), forceDosTimestamp: true });
  zip.end();
  return buffer(zip.outputStream) as Promise<Buffer>;
}

/** Lands objects as the fetch stage does: the bytes, then the receipt, which remembers earlier landings of them. */
export async function landAll(store: ObjectStore, objects: readonly LandedObject[]): Promise<void> {
  for (const { id, bytes, receipt } of objects) {
    await store.put(landingKey(id), bytes);
    const there = await store.get(receiptKey(id));
    const before = there && parseReceipt(there, id);
    await store.put(receiptKey(id), Buffer.from(JSON.stringify(before ? mergeReceipts(before, receipt) : receipt)));
  }
}
