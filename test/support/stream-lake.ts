import type { Source } from '../../lib/domain/chunk.ts';
import type { Stream } from '../../lib/domain/stream.ts';
import type { TimeRange } from '../../lib/domain/time-range.ts';
import { landingKey, receiptKey } from '../../lib/lake/keys.ts';
import { mergeReceipts, parseReceipt, type Receipt } from '../../lib/lake/landing/receipt.ts';
import type { SightingReceipt } from '../../lib/lake/landing/sightings.ts';
import { type MemoryStore, memoryStore } from '../../lib/lake/memory-store.ts';
import type { RefineStreamResult, StreamReport } from '../../lib/lake/refine/contract.ts';
import { refineStream } from '../../lib/lake/refine/streams/refine-stream.ts';
import { contentKey, type SnapshotPart, sightingKey } from '../../lib/lake/stream-keys.ts';
import type { ObjectStore } from '../../lib/ports.ts';
import { sha256Of, zipOf } from './bytes.ts';
import { parquetRows } from './parquet.ts';

/** Of open interest. */
export const STEP = 300_000;
export const T0 = Date.parse('2024-01-31T00:00Z');
export const JANUARY = { fromMs: Date.parse('2024-01-01'), toMs: Date.parse('2024-02-01') };

export const FUNDING: Stream = { name: 'funding', market: 'um', symbol: 'BTCUSDT' };
export const OPEN_INTEREST: Stream = { name: 'open_interest', market: 'um', symbol: 'BTCUSDT' };
export const MARK: Stream = { name: 'mark_candles', market: 'um', symbol: 'BTCUSDT', interval: '1h' };
export const INSTRUMENTS: Stream = { name: 'instruments', market: 'um' };

/** A row of open interest as REST gives it. */
export const oiRow = (timeMs: number, amount = timeMs / STEP) => ({
  timestamp: timeMs,
  sumOpenInterest: String(amount),
  sumOpenInterestValue: `${amount}.5`,
});

/** Open interest of a range as REST gives it. */
export const oiBody = (fromMs: number, toMs: number) => {
  const rows = [];
  for (let timeMs = fromMs; timeMs < toMs; timeMs += STEP) rows.push(oiRow(timeMs));
  return JSON.stringify(rows);
};

/** Open interest as a file has it, by time and amount. */
export const metrics = (rows: readonly [string, number][]) =>
  ['create_time,symbol,sum_open_interest,sum_open_interest_value,new_column']
    .concat(rows.map(([time, amount]) => `${time},BTCUSDT,${amount},${amount}.5,""`))
    .join('\n');

/** Returns the report on the one stream that the run refined. */
export const reportIn = (lake: StreamLake) =>
  JSON.parse(Buffer.from([...lake.objects].find(([key]) => key.startsWith('runs/'))![1]).toString()) as StreamReport;

/** A lake in memory that counts what is put. */
export interface StreamLake extends MemoryStore {
  puts: string[];
}

export function streamLake(): StreamLake {
  const store = memoryStore();
  const lake: StreamLake = {
    ...store,
    puts: [],
    async put(key, bytes, condition) {
      lake.puts.push(key);
      return store.put(key, bytes, condition);
    },
  };
  return lake;
}

/** One answer of the exchange: a JSON body, or the CSV of a file. */
export interface StreamAnswer {
  readonly stream: Stream;
  readonly source: Source;
  readonly range: TimeRange;
  readonly body: string | Uint8Array;
  readonly fetchedAtMs?: number;
  readonly asOfMs?: number;
}

const LATER_MS = Date.UTC(2030, 0, 1);

/** Lands an answer as the fetch stage does. */
export async function landAnswer(lake: ObjectStore, answer: StreamAnswer): Promise<void> {
  const { stream, source, range, body, fetchedAtMs = LATER_MS, asOfMs = LATER_MS } = answer;
  const isZip = source !== 'rest' && typeof body === 'string';
  const bytes = isZip ? await zipOf(body) : Buffer.from(body);
  const id = { stream, source, range, sha256: sha256Of(bytes) };
  const url = 'http://127.0.0.1/data/some.zip';
  const receipt: Receipt<Stream> = { ...id, url, fetchedAtMs, asOfMs, sizeBytes: bytes.length };
  await lake.put(landingKey(id), bytes);
  const there = await lake.get(receiptKey(id));
  const before = there && parseReceipt<Stream>(there, id);
  await lake.put(receiptKey(id), Buffer.from(JSON.stringify(before ? mergeReceipts(before, receipt) : receipt)));
}

/** Lands a part of a snapshot, seen at that time. */
export async function landSighting(
  lake: ObjectStore,
  stream: Stream,
  part: SnapshotPart,
  body: string | Uint8Array,
  seenAtMs: number,
): Promise<void> {
  const bytes = Buffer.from(body);
  const sha256 = sha256Of(bytes);
  const sighting = { stream, part, contentSha256: sha256, seenAtMs };
  const bytesKey = contentKey(sighting, sha256);
  const rest = { bytesKey, sha256, url: 'http://127.0.0.1', fetchedAtMs: seenAtMs, sizeBytes: bytes.length };
  const receipt: SightingReceipt = { ...sighting, ...rest };
  await lake.put(bytesKey, bytes);
  await lake.put(sightingKey(receipt), Buffer.from(JSON.stringify(receipt)));
}

export function refineIn(lake: ObjectStore, stream: Stream, codeHash = '0'.repeat(64)): Promise<RefineStreamResult> {
  return refineStream({ runId: 'run', stream }, { store: lake, clock: { nowMs: () => 0 }, codeHash });
}

/** Rows of a table in the lake, shard after shard, read by a reader that shares no code with the writer. */
export function rowsOf(lake: StreamLake, table: string): Promise<Record<string, unknown>[]> {
  return rowsIn(lake.objects, table);
}

export async function rowsIn(
  objects: ReadonlyMap<string, Uint8Array>,
  table: string,
): Promise<Record<string, unknown>[]> {
  const keys = [...objects.keys()].filter((key) => key.startsWith(`${table}/`)).sort();
  const shards = await Promise.all(keys.map((key) => parquetRows(objects.get(key)!)));
  return shards
    .flat()
    .map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => [name, value instanceof Date ? value.getTime() : value]),
      ),
    );
}

/** sha256 of every Parquet object, by key. */
export function tableHashes(lake: StreamLake): Record<string, string> {
  const tables = [...lake.objects].filter(([key]) => key.endsWith('.parquet')).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(tables.map(([key, bytes]) => [key, sha256Of(bytes)]));
}
