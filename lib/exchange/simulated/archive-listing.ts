import type { Interval } from '../../domain/interval.ts';
import {
  ARCHIVE_ROOTS,
  type ArchiveFile,
  archiveIntervals,
  type Frequency,
  publishedAtMs,
  publishedFiles,
} from './archive-files.ts';
import type { CandleSource } from './candle-source.ts';
import { streamFolders } from './stream-files.ts';

/** An object of the bucket: a zip, or the checksum beside it. */
export interface ListedObject {
  readonly key: string;
  readonly file: ArchiveFile;
  readonly isChecksum: boolean;
}

export interface ListingQuery {
  readonly prefix: string;
  readonly delimiter: string;
  /** Only keys after this one, in the order of their UTF-8 bytes. */
  readonly after: string;
  readonly maxKeys: number;
}

export interface ListingPage {
  readonly objects: readonly ListedObject[];
  readonly commonPrefixes: readonly string[];
  readonly truncated: boolean;
  /** The last key or common prefix of the page. */
  readonly last: string;
}

/**
 * Returns one page of the bucket's listing, as S3 would cut it: common prefixes count as keys. It enters only folders
 * that the prefix, the marker and the delimiter select, so that the listing of one series costs only that series.
 */
export function listArchive(
  source: CandleSource,
  nowMs: number,
  query: ListingQuery,
  isWithdrawn: (path: string) => boolean = () => false,
): ListingPage {
  const objects: ListedObject[] = [];
  const commonPrefixes: string[] = [];
  let last = '';
  for (const entry of walk({ source, nowMs, isWithdrawn }, query)) {
    if (objects.length + commonPrefixes.length >= query.maxKeys) {
      return { objects, commonPrefixes, truncated: query.maxKeys > 0, last };
    }
    if (typeof entry === 'string') {
      commonPrefixes.push(entry);
      last = entry;
    } else {
      objects.push(entry);
      last = entry.key;
    }
  }
  return { objects, commonPrefixes, truncated: false, last };
}

/** Objects and common prefixes that the query wants, in key order. */
function* walk(bucket: Bucket, query: ListingQuery): Generator<ListedObject | string> {
  const { prefix, delimiter, after } = query;
  let lastCommon: string | undefined;
  for (const folder of folders(bucket, prefix)) {
    const rolled = rollUp(folder.path, prefix, delimiter);
    if (rolled !== undefined) {
      // A marker that is itself inside the common prefix has that prefix behind it.
      const isNew = rolled !== lastCommon && isAfter(rolled, after) && !after.startsWith(rolled);
      if (isNew && hasAny(folder.objects())) {
        lastCommon = rolled;
        yield rolled;
      }
      continue;
    }
    for (const object of folder.objects()) {
      if (!object.key.startsWith(prefix) || !isAfter(object.key, after)) continue;
      const common = rollUp(object.key, prefix, delimiter);
      if (common === undefined) yield object;
      else if (common !== lastCommon && !after.startsWith(common)) {
        lastCommon = common;
        yield common;
      }
    }
  }
}

interface Bucket {
  readonly source: CandleSource;
  readonly nowMs: number;
  readonly isWithdrawn: (path: string) => boolean;
}

interface Folder {
  readonly path: string;
  objects(): Generator<ListedObject>;
}

/** Folders of single series whose keys may begin with the prefix, in key order. */
function folders(bucket: Bucket, prefix: string): Folder[] {
  const { source, nowMs } = bucket;
  const found: Folder[] = [];
  for (const { market, frequency, folder } of ARCHIVE_ROOTS) {
    if (!meets(folder.replace('klines/', ''), prefix)) continue;
    for (const { symbol } of source.listings(market)) {
      for (const word of archiveIntervals(frequency)) {
        const path = `${folder}${symbol}/${word}/`;
        const series = { market, symbol, interval: (word === '1mo' ? '1M' : word) as Interval };
        if (meets(path, prefix)) found.push({ path, objects: () => objectsOf(bucket, series, frequency) });
      }
      for (const one of streamFolders(source, { market, frequency, symbol }, nowMs)) {
        if (meets(one.path, prefix)) found.push({ path: one.path, objects: () => withChecksums(bucket, one.files()) });
      }
    }
  }
  return found.sort((a, b) => compareKeys(a.path, b.path));
}

function* objectsOf(bucket: Bucket, series: ArchiveFile['series'], frequency: Frequency): Generator<ListedObject> {
  yield* withChecksums(bucket, publishedFiles(bucket.source, series, frequency, bucket.nowMs));
}

function* withChecksums({ isWithdrawn }: Bucket, files: Iterable<ArchiveFile>): Generator<ListedObject> {
  for (const file of files) {
    if (isWithdrawn(file.path)) continue;
    yield { key: file.path, file, isChecksum: false };
    yield { key: `${file.path}.CHECKSUM`, file, isChecksum: true };
  }
}

function hasAny(objects: Generator<ListedObject>): boolean {
  return !objects.next().done;
}

/** Whether a folder may hold keys with this prefix. */
function meets(folder: string, prefix: string): boolean {
  return folder.startsWith(prefix) || prefix.startsWith(folder);
}

/** The common prefix a key (or folder) is counted under, if the delimiter comes after the prefix in it. */
function rollUp(key: string, prefix: string, delimiter: string): string | undefined {
  if (delimiter === '' || !key.startsWith(prefix)) return undefined;
  const at = key.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}

function isAfter(key: string, after: string): boolean {
  return after === '' || compareKeys(key, after) > 0;
}

function compareKeys(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Time stamp of an object in a listing. */
export function lastModifiedMs(object: ListedObject): number {
  return publishedAtMs(object.file);
}
