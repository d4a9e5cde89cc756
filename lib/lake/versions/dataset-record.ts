import { BadInput, CorruptObject } from '../../domain/errors.ts';
import type { Period } from '../../domain/period.ts';
import type { Series } from '../../domain/series.ts';
import { sha256 } from '../../domain/sha256.ts';
import type { ObjectStore } from '../../ports.ts';
import { holdsNone } from '../empty-lake.ts';
import { decodeJson, encodeJson } from '../json.ts';
import { DATASETS_PREFIX, datasetKey } from '../keys.ts';

/** The record of a dataset id, `datasets/<id>.json` in the lake. It is enough to rebuild the dataset. */
export interface DatasetRecord<Request = unknown> {
  readonly id: string;
  readonly request: Request;
  /** sha256 of the code that makes packs, which is part of the id. */
  readonly codeHash: string;
  /** sha256 of the code that made candle shards when the dataset was made; left out of the first records. */
  readonly shardCodeHash?: string;
  /** The commit that both hashes are of, if it is known. */
  readonly commit?: string;
  /**
   * The shards that the id names, the shards before them, which features remember, and the shards after them, which
   * labels look at. The record of each version lists what had landed for it.
   */
  readonly shards: readonly RecordedShard[];
  /** Files of the pack; left out if none was made. */
  readonly files?: readonly PackFile[];
}

export interface RecordedShard {
  readonly series: Series;
  readonly period: Period;
  readonly manifestSha256: string;
  /** sha256 of the code that made it. */
  readonly codeHash: string;
  /** sha256 of each table. */
  readonly outputs: Readonly<Record<string, string>>;
  /** True if rows of it are in the dataset. */
  readonly named: boolean;
}

export interface PackFile {
  readonly key: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly rows: number;
}

/** A record as it is stored, with the hash of all its other fields. The first records had no hash. */
type StoredRecord = DatasetRecord & { readonly recordSha256?: string };

/** Stores the record of a dataset id. The files of its pack stay recorded once they are known. */
export async function recordDataset(lake: ObjectStore, record: DatasetRecord): Promise<void> {
  const there = record.files ? undefined : await lake.get(datasetKey(record.id));
  const files = record.files ?? (there && parseRecord(there, record.id)?.files);
  await lake.put(datasetKey(record.id), encodeRecord({ ...record, ...(files && { files }) }));
}

/** Encodes a record as it is stored. */
export function encodeRecord(record: DatasetRecord): Uint8Array {
  const stored: StoredRecord = { ...record, recordSha256: hashOf(record) };
  return encodeJson(stored);
}

/** Lists all recorded ids. */
export async function listDatasetIds(lake: ObjectStore): Promise<string[]> {
  const keys = (await lake.list(DATASETS_PREFIX)).map(({ key }) => key);
  return keys.flatMap((key) => /^datasets\/([0-9a-f]{64})\.json$/.exec(key)?.[1] ?? []);
}

/** Reads the record of an id. @throws CorruptObject if it does not agree with its name and its hash */
export async function readDatasetRecord(lake: ObjectStore, id: string): Promise<DatasetRecord | undefined> {
  const bytes = await lake.get(datasetKey(id));
  if (!bytes) return undefined;
  const record = parseRecord(bytes, id);
  if (record) return record;
  throw new CorruptObject(
    `${datasetKey(id)} is not the record of the id that its name promises: ` +
      'make the dataset again, or remove it by hand',
  );
}

function parseRecord(bytes: Uint8Array, id: string): DatasetRecord | undefined {
  try {
    const { recordSha256, ...record } = decodeJson<StoredRecord>(bytes);
    const isWhole = recordSha256 === undefined || recordSha256 === hashOf(record);
    return isWhole && record.id === id && Array.isArray(record.shards) ? record : undefined;
  } catch {
    return undefined;
  }
}

function hashOf(record: DatasetRecord): string {
  return sha256(JSON.stringify(record));
}

const MOST_NAMED = 5;

/** With fewer digits two ids may soon begin alike. */
const LEAST_DIGITS = 6;
const BEGINNING = new RegExp(`^[0-9a-f]{${LEAST_DIGITS},64}$`);

/**
 * Finds the record of an id, or of the one id that begins with these digits.
 * @throws BadInput naming the recorded ids
 */
export async function findDataset(lake: ObjectStore, given: string): Promise<DatasetRecord> {
  if (!BEGINNING.test(given)) {
    throw new BadInput(`dataset id must be 64 digits 0-9a-f, or its first ${LEAST_DIGITS} or more, got '${given}'`);
  }
  const ids = await listDatasetIds(lake);
  const beginning = ids.filter((id) => id.startsWith(given));
  const record = beginning.length === 1 ? await readDatasetRecord(lake, beginning[0]!) : undefined;
  if (record) return record;
  if (beginning.length > 1) throw new BadInput(`dataset id '${given}' is the beginning of ${beginning.length} ids`);
  if (ids.length === 0) {
    throw holdsNone(lake.url, 'dataset ids', `make one with \`npx lake dataset\`, got '${given}'`);
  }
  const near = ids.sort((a, b) => sharedBeginning(b, given) - sharedBeginning(a, given)).slice(0, MOST_NAMED);
  const more = ids.length > near.length ? ` and ${ids.length - near.length} more` : '';
  throw new BadInput(`dataset id must be one of ${near.join(', ')}${more}, got '${given}'`);
}

function sharedBeginning(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}
