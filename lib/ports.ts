/** The few interfaces to the outside. Implementations live in adapters/. */

/** sha256 of the code that makes candle shards, stream shards and training packs. */
export interface CodeHashes {
  readonly candles: string;
  readonly streams: string;
  readonly dataset: string;
}

/** Objects by key: an S3 bucket or a folder. */
export interface ObjectStore {
  /** The lake's place, for messages and query engines: a folder's absolute path or `s3://bucket`. */
  readonly url: string;
  /** Returns the object's bytes, or undefined if there is no object. */
  get(key: string): Promise<Uint8Array | undefined>;
  /**
   * Writes or replaces the object in one step: readers see the old bytes or the new, never a part. Returns the tag of
   * the object that is there then. The memory of the bytes is the caller's again after that. A bucket and a folder
   * write landed bytes (`isLandedBytes`) once: without a condition, the condition is that nothing is there.
   * @throws ObjectChanged if the condition does not hold and other bytes are there. Nothing is written then. If the
   *   very bytes are there already, the put counts as done.
   */
  put(key: string, bytes: Uint8Array, condition?: PutCondition): Promise<string>;
  /**
   * All objects whose key begins with the prefix, in key order (UTF-8 bytes).
   * @param after keys up to this one are left out
   */
  list(prefix: string, after?: string): Promise<StoredObject[]>;
}

/** The object that a put may replace has this tag. If the tag is undefined, there must be no object. */
export interface PutCondition {
  readonly tag: string | undefined;
}

/** A store that objects can be removed from. No stage has one: only what a person asks for removes anything. */
export interface PrunableStore extends ObjectStore {
  /** Removes the object. Does nothing if there is no object. */
  remove(key: string): Promise<void>;
}

export interface StoredObject {
  readonly key: string;
  readonly sizeBytes: number;
  /**
   * Another put of other bytes gives another tag. A put of the same bytes may give the same tag (S3) or another
   * (folder).
   */
  readonly tag: string;
}

/** HTTP GET. Any status is an answer; only the lack of one throws. */
export interface Http {
  /** @throws ExchangeBusy if no whole answer came (refused, reset, timed out, truncated) */
  get(url: string, options?: HttpOptions): Promise<HttpAnswer>;
}

export interface HttpOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  /** An answer larger than this is refused with UnexpectedFormat. */
  readonly maxBytes?: number;
}

export interface HttpAnswer {
  readonly status: number;
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface Clock {
  nowMs(): number;
  /** Resolves after that long. */
  sleep(ms: number): Promise<void>;
}

/** A question to the exchange that failed and is asked again after a pause. */
export interface Retry {
  readonly error: Error;
  /** Number of the coming attempt: 2 after the first failure. */
  readonly attempt: number;
  /** Attempts at most. */
  readonly of: number;
  readonly pauseMs: number;
}

export type OnRetry = (retry: Retry) => void;

/** The list of partitions that SQL engines read. */
export interface Catalogue {
  /**
   * Adds the partitions that are missing. Those that are there get the table's columns. Returns how many were added.
   */
  addPartitions(table: string, partitions: readonly Partition[]): Promise<number>;
}

/** A value for each partition column that the table has. */
export interface Partition {
  readonly market: string;
  readonly symbol?: string;
  readonly interval?: string;
  readonly period: string;
}

/** Read-only SQL over the lake's tables and views. */
export interface QueryEngine {
  /** @throws BadInput if the SQL is wrong, EngineFailed if the engine failed; in the engine's own words */
  query(sql: string): Promise<QueryResult>;
  close(): Promise<void>;
}

/** A query engine that can answer with more rows than fit into memory. */
export interface StreamingQueryEngine extends QueryEngine {
  /**
   * Answers SQL as `query` does, but in batches, so that the result does not have to fit into memory. Errors are the
   * same; `batches` throws those that occur after the first rows.
   */
  stream(sql: string): Promise<ResultStream>;
}

/** A result whose rows come in batches. They are read once. */
export interface ResultStream extends Omit<QueryResult, 'rows'> {
  readonly batches: AsyncIterable<ResultBatch>;
}

/** Some rows of a result, column by column; values as in `QueryResult`. */
export type ResultBatch = readonly (readonly unknown[])[];

export interface QueryResult {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** Values as JSON has them: number, string, boolean, null; timestamps as ISO text, integers beyond 2^53 as text. */
  readonly rows: readonly (readonly unknown[])[];
  /** Bytes scanned, if the engine charges for them (Athena). */
  readonly scannedBytes?: number;
  /** True if the rows are an earlier answer to the same SQL, which costs nothing. */
  readonly reused?: boolean;
}

export interface ApiKey {
  readonly key: string;
  readonly secret: string;
}

export interface Secrets {
  /** The exchange API key, or undefined if none is configured (candles need none). */
  apiKey(): Promise<ApiKey | undefined>;
}
