import { createHash } from 'node:crypto';
import { nominalMs } from '../../domain/interval.ts';
import type { Answer } from './answer.ts';
import { type ArchiveFile, isPublished, parseArchivePath, publishedAtMs } from './archive-files.ts';
import type { ArchiveHistory } from './archive-history.ts';
import { type ListedObject, listArchive } from './archive-listing.ts';
import { type ArchiveFormat, archiveCsv, archiveZip, checksumText, estimatedSizeBytes } from './archive-zip.ts';
import type { CandleSource } from './candle-source.ts';
import type { ArchiveFault, FaultRequest, RowFault } from './fault.ts';
import type { Faults } from './faults.ts';
import { fromToken, listingXml, noSuchKeyXml } from './listing-xml.ts';
import { spoilRows } from './row-faults.ts';
import { isStreamPublished, parseStreamPath, streamCsv } from './stream-files.ts';
import { ZipCache } from './zip-cache.ts';

const CHECKSUM = '.CHECKSUM';
const CHECKSUM_LENGTH = 64 + 2;

interface ArchiveApi {
  /** `/?prefix=…` */
  list(parameters: URLSearchParams): Promise<Answer>;
  /** `/data/…`, percent-decoded. */
  get(request: FaultRequest): Promise<Answer>;
}

/** The archive: zips with their checksums, and the listing of its bucket. */
export function archiveApi(
  source: CandleSource,
  format: ArchiveFormat,
  faults: Faults,
  history: ArchiveHistory,
  now: () => number,
): ArchiveApi {
  const cache = new ZipCache();

  function goodZip(file: ArchiveFile, rowFaults: readonly RowFault[]): Promise<Uint8Array> {
    const { version, change } = history.versionOf(file.path, now());
    return cache.get(`${file.path} ${version} ${JSON.stringify(rowFaults)}`, async () => {
      const official = rowFaults.length === 0 && version === 0 ? source.officialFile?.(file.path) : undefined;
      if (official) return official.zip;
      if (file.kind) return archiveZip(file, streamCsv(source, file, change, rowFaults));
      const rows = spoilRows(change(source.rows(file.series, file.range)), rowFaults, file.series.interval);
      return archiveZip(file, archiveCsv(file, rows, format));
    });
  }

  const versionOf = (file: ArchiveFile) => history.versionOf(file.path, now());
  const modifiedMs = (file: ArchiveFile) => versionOf(file).rewrittenAtMs ?? publishedAtMs(file);

  function etagOf(key: string, file: ArchiveFile): string {
    const { version } = versionOf(file);
    const words = version === 0 ? `${source.revision} ${key}` : `${source.revision} ${key} ${version}`;
    return `"${createHash('md5').update(words).digest('hex')}-1"`;
  }

  async function sizeOf(object: ListedObject): Promise<number> {
    const { file, isChecksum } = object;
    if (isChecksum) return CHECKSUM_LENGTH + Buffer.byteLength(file.path.slice(file.path.lastIndexOf('/') + 1));
    if (!source.fewFiles) return estimatedSizeBytes(file, nominalMs(file.series.interval));
    return (await goodZip(file, [])).length;
  }

  return {
    async list(parameters) {
      const version = parameters.get('list-type') === '2' ? 2 : 1;
      const startAfter = parameters.get('start-after') ?? '';
      const marker = parameters.get(version === 2 ? 'continuation-token' : 'marker') ?? '';
      const asked = Number(parameters.get('max-keys') ?? 1000);
      const query = {
        prefix: parameters.get('prefix') ?? '',
        delimiter: parameters.get('delimiter') ?? '',
        after: (version === 2 ? fromToken(marker) : marker) || (version === 2 ? startAfter : ''),
        maxKeys: Number.isInteger(asked) && asked >= 0 ? Math.min(asked, 1000) : 1000,
      };
      const page = listArchive(source, now(), query, (path) => history.isWithdrawn(path));
      const sizes = new Map<string, number>();
      for (const object of page.objects) sizes.set(object.key, await sizeOf(object));
      const factsOf = (object: ListedObject) => ({
        etag: etagOf(object.key, object.file),
        sizeBytes: sizes.get(object.key) ?? 0,
        lastModifiedMs: modifiedMs(object.file),
      });
      const body = listingXml({ query, page, version, marker, startAfter, factsOf });
      return { status: 200, headers: { 'content-type': 'application/xml' }, body };
    },

    async get(request) {
      const key = request.path.replace(/^\//, '').replace(/\?.*$/, '');
      const isChecksum = key.endsWith(CHECKSUM);
      const zipKey = isChecksum ? key.slice(0, -CHECKSUM.length) : key;
      const file = parseArchivePath(zipKey) ?? parseStreamPath(zipKey);
      const published = file && (file.kind ? isStreamPublished : isPublished)(source, file, now());
      if (!file || !published || history.isWithdrawn(file.path)) return notFound(key);
      const fault = faults.takeArchive(request, file.path, isChecksum);
      if (fault?.kind === 'missing_file' || fault?.kind === 'missing_checksum') return notFound(key);
      const rowFaults = faults.takeFileRows(request, file.path, isChecksum);
      const zip = damageZip(await goodZip(file, rowFaults), fault);
      const isOfficial = rowFaults.length === 0 && fault === undefined && versionOf(file).version === 0;
      const body = isChecksum
        ? ((isOfficial ? source.officialFile?.(file.path)?.checksum : undefined) ?? checksumOf(file, zip, fault))
        : zip;
      return {
        status: 200,
        headers: {
          'content-type': isChecksum ? 'binary/octet-stream' : 'application/zip',
          etag: etagOf(key, file),
          'last-modified': new Date(modifiedMs(file)).toUTCString(),
        },
        body,
      };
    },
  };
}

function checksumOf(file: ArchiveFile, zip: Uint8Array, fault: ArchiveFault | undefined): string {
  const text = checksumText(file, zip);
  // Another file's checksum, in other words: still 64 hex digits.
  return fault?.kind === 'wrong_checksum' ? `${[...text.slice(0, 64)].reverse().join('')}${text.slice(64)}` : text;
}

function damageZip(zip: Uint8Array, fault: ArchiveFault | undefined): Uint8Array {
  if (fault?.kind === 'truncated_zip') return zip.subarray(0, zip.length >> 1);
  if (fault?.kind !== 'corrupt_zip') return zip;
  const damaged = Uint8Array.from(zip);
  const middle = damaged.length >> 1;
  for (let i = middle; i < Math.min(middle + 16, damaged.length); i++) damaged[i] ^= 0x5a;
  return damaged;
}

function notFound(key: string): Answer {
  return { status: 404, headers: { 'content-type': 'application/xml' }, body: noSuchKeyXml(key) };
}
