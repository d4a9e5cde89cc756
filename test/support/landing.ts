import { parseRangeLabel, rangeLabel, type Source } from '../../lib/domain/chunk.ts';
import { nextOpenTime } from '../../lib/domain/interval.ts';
import type { ListingFact } from '../../lib/domain/listing.ts';
import type { Series } from '../../lib/domain/series.ts';
import type { TimeRange } from '../../lib/domain/time-range.ts';
import { failureKey, type LandingId, landingKey, listingKey, receiptKey } from '../../lib/lake/keys.ts';
import { gridEndKey } from '../../lib/lake/landing/grid-end-key.ts';
import { mergeReceipts, parseReceipt, type Receipt } from '../../lib/lake/landing/receipt.ts';
import type { ObjectStore } from '../../lib/ports.ts';
import { sha256Of, zipOf } from './bytes.ts';
import { restBody } from './candles.ts';

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
  const bytes = source === 'rest' ? restBody(rows) : await zipOf(`${rows.join('\n')}\n`);
  const sha256 = sha256Of(bytes);
  const id = { series, source, range, sha256, ...(openPageMs !== undefined && { openPageMs }) };
  const url = `http://127.0.0.1/data/${series.symbol}-${series.interval}.zip`;
  return { id, bytes, receipt: { ...id, url, fetchedAtMs, asOfMs, sizeBytes: bytes.length } };
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

/** A store, and the series that a test is about. */
export interface LakeOfSeries {
  readonly store: ObjectStore;
  readonly series: Series;
}

/** Lands a fact of the symbol's listing, as the plan stage does. */
export async function tell({ store, series }: LakeOfSeries, fact: Omit<ListingFact, 'market' | 'symbol'>) {
  const { market, symbol } = series;
  const bytes = Buffer.from(JSON.stringify({ market, symbol, ...fact }));
  const sha256 = sha256Of(bytes);
  await store.put(listingKey(market, symbol, sha256), bytes);
  return sha256;
}

/** Records a chunk that could not be fetched, as the fetch stage does. */
export async function fail(
  { store, series }: LakeOfSeries,
  { source, range, asOfMs, atMs = asOfMs }: { source: Source; range: TimeRange; asOfMs: number; atMs?: number },
) {
  const chunk = { series, source, range, asOfMs, sizeBytes: 1 };
  const record = { ...chunk, error: 'CorruptObject', message: 'it has another sha256', atMs };
  await store.put(failureKey(chunk), Buffer.from(JSON.stringify(record)));
}

/** Records the end of the grid, as the plan stage does. */
export async function endGrid({ store, series }: LakeOfSeries, gridEndMs: number): Promise<void> {
  await store.put(gridEndKey(series, gridEndMs), Buffer.from('{}'));
}
