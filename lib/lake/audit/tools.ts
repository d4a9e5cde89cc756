import type { Candles } from '../../domain/candles.ts';
import type { Chunk, StreamChunk } from '../../domain/chunk.ts';
import type { Period } from '../../domain/period.ts';
import type { Series } from '../../domain/series.ts';
import type { Stream } from '../../domain/stream.ts';
import type { TimeRange } from '../../domain/time-range.ts';
import type { ObjectStore } from '../../ports.ts';
import type { Table } from '../keys.ts';
import type { Receipt } from '../landing/receipt.ts';
import type { StreamManifest, VersionRecord } from '../manifest/contract.ts';
import type { Staging } from './staging.ts';

export type ArchiveSource = 'archive_monthly' | 'archive_daily';

/** A file as the archive lists it. */
export interface ListedFile {
  readonly range: TimeRange;
  /** When it was put there, epoch ms; undefined where the listing does not say. */
  readonly modifiedMs: number | undefined;
}

/** How the other stages read what they wrote. The audit takes it from them, as it may not know them. */
export interface LakeReaders {
  /** Candles of a landed object, as they lie in it. */
  decode(landed: { readonly receipt: Receipt; readonly key: string; readonly bytes: Uint8Array }): Promise<Candles>;
  hashCandles(candles: Candles): string;
  /** @throws UnexpectedFormat where the bytes are no checkpoint. */
  readCheckpoint(bytes: Uint8Array, key: string): { readonly chain: string; readonly lastOpenTimeMs: number };
  /** Columns of a Parquet file as doubles, times as epoch ms. Not by the library that wrote it. */
  readColumns<Name extends string>(
    parquet: Uint8Array,
    rows: number,
    names: readonly Name[],
  ): Promise<Record<Name, Float64Array>>;
  /** The record of a version; undefined where its bytes are not what its name and its hashes say. */
  readVersion(
    store: ObjectStore,
    key: string,
    lists?: Map<string, Promise<Uint8Array | undefined>>,
  ): Promise<VersionRecord | undefined>;
  /**
   * A table of a version, made again from what had landed then; undefined where other bytes come out.
   * @throws CorruptObject, UnexpectedFormat where what it was made from cannot be read
   */
  remakeTable(store: ObjectStore, version: VersionRecord, table: Table): Promise<Uint8Array | undefined>;
  /** Ids of the recorded datasets. */
  listDatasetIds(store: ObjectStore): Promise<readonly string[]>;
  /** @throws CorruptObject where the record of an id is not what its name and its hash say */
  readDataset(store: ObjectStore, id: string): Promise<unknown>;
  /** Takes back the word of a shard's manifest, so that the next run makes the shard again. */
  distrust(store: ObjectStore, series: Series, period: Period): Promise<void>;
  /** The same for a shard of a stream. */
  distrustStream(store: ObjectStore, stream: Stream, period: Period): Promise<void>;
  /**
   * The manifest that a stream's shard gets when it is made again of the landed objects that its own names. Puts nothing.
   * @param carry what the shard before hands on
   * @throws CorruptObject, UnexpectedFormat where one of them cannot be read
   */
  remakeStreamShard(store: ObjectStore, manifest: StreamManifest, carry: string): Promise<StreamManifest>;
}

/** How the exchange is asked. Each throws ExchangeBusy or ExchangeRefused where it is out of reach. */
export interface ExchangeQuestions {
  /** The archive's monthly or daily files of a series or stream. */
  listFiles(of: Series | Stream, source: ArchiveSource): Promise<readonly ListedFile[]>;
  /** What the `.CHECKSUM` beside an archive file says. @throws NotPublished where there is none. */
  checksum(chunk: Chunk | StreamChunk): Promise<string>;
  /** What the fetch stage would land of a chunk; it lands nowhere yet. @throws NotPublished, CorruptObject too. */
  fetch(chunk: Chunk | StreamChunk): Promise<Staging>;
}
