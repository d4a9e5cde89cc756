import { XMLParser, XMLValidator } from 'fast-xml-parser';
import pLimit from 'p-limit';
import * as z from 'zod';
import type { ArchiveVersion } from '../../domain/archive-version.ts';
import { parseRangeLabel } from '../../domain/chunk.ts';
import { UnexpectedFormat } from '../../domain/errors.ts';
import type { Market } from '../../domain/market.ts';
import type { ArchiveAccess } from '../access.ts';
import type { ArchiveFile, ArchiveSource } from '../archive-file.ts';
import { get } from '../client.ts';
import type { ArchiveListing } from '../venue.ts';
import { archiveFilePrefix, archiveRoot } from './archive-path.ts';

interface ListedObject {
  readonly key: string;
  readonly sizeBytes: number;
  /** Undefined if the listing has no time. S3 lists one. */
  readonly version: ArchiveVersion | undefined;
}

/** One page of a listing. */
interface Page {
  readonly objects: readonly ListedObject[];
  readonly folders: readonly string[];
  /** The key after which the next page begins. Undefined on the last page. */
  readonly nextMarker: string | undefined;
}

/** The most pages of a listing, 1,000 keys each. A server that lists without end is noticed so. */
const MAX_PAGES = 200;

/** Concurrent requests to the archive's bucket. It is S3, which answers thousands per second. */
const AT_ONCE = 32;

/** The archive's S3 listing, ListObjects version 1: its bucket answers that without a key. */
export function archiveListing(access: ArchiveAccess): ArchiveListing {
  const limit = pLimit(AT_ONCE);

  async function page(market: Market, params: Record<string, string>): Promise<Page> {
    const url = `${access.urls[market].archiveListing}?${new URLSearchParams(params)}`;
    const read = ({ body }: { readonly body: Uint8Array }) => parsePage(new TextDecoder().decode(body), url);
    return limit(async () => (await get(url, access, read)).value);
  }

  async function allPages(
    market: Market,
    params: Record<string, string>,
    after?: string,
  ): Promise<Omit<Page, 'nextMarker'>> {
    const objects: ListedObject[] = [];
    const folders: string[] = [];
    let marker = after;
    for (let pages = 0; pages < MAX_PAGES; pages += 1) {
      const next = await page(market, { ...params, ...(marker === undefined ? {} : { marker }) });
      objects.push(...next.objects);
      folders.push(...next.folders);
      if (next.nextMarker === undefined) return { objects, folders };
      if (next.nextMarker === marker) break;
      marker = next.nextMarker;
    }
    throw new UnexpectedFormat(
      `archive listing of '${params['prefix']}' must come to an end, got no end at '${marker}'`,
    );
  }

  return {
    async files(of, source, months) {
      const prefix = archiveFilePrefix(of, source);
      // File names sort by date. After the name of a month without its ending come the month itself and its days.
      const { objects } =
        months && 'sinceMonth' in months
          ? await allPages(of.market, { prefix }, `${prefix}${months.sinceMonth}`)
          : await allPages(of.market, { prefix: `${prefix}${months?.month ?? ''}` });
      return objects
        .filter(({ key }) => key.endsWith('.zip'))
        .map(({ key, sizeBytes, version }) => ({ source, range: fileRange(source, key, prefix), sizeBytes, version }))
        .sort((a, b) => a.range.fromMs - b.range.fromMs);
    },
    async symbols(market) {
      const names = new Set<string>();
      for (const source of ['archive_monthly', 'archive_daily'] as const) {
        const { folders } = await allPages(market, { prefix: archiveRoot(market, source), delimiter: '/' });
        for (const folder of folders) names.add(folder.split('/').at(-2)!);
      }
      return [...names].sort();
    },
    async probe(market) {
      await page(market, { prefix: archiveRoot(market, 'archive_monthly'), delimiter: '/', 'max-keys': '1' });
    },
  };
}

function fileRange(source: ArchiveSource, key: string, prefix: string): ArchiveFile['range'] {
  try {
    return parseRangeLabel(source, key.slice(prefix.length, -'.zip'.length));
  } catch (cause) {
    throw new UnexpectedFormat(`archive listing has the name '${key}', expected '${prefix}' and a date`, { cause });
  }
}

const parser = new XMLParser({
  parseTagValue: false,
  isArray: (name) => name === 'Contents' || name === 'CommonPrefixes',
});

// Only the elements that are read are named. An element without text is ''.
const CONTENTS = z.object({
  Key: z.string(),
  Size: z.string().regex(/^\d{1,15}$/),
  LastModified: z.string().optional(),
  ETag: z.string().optional(),
});

const LISTING = z.object({
  ListBucketResult: z.preprocess(
    (value) => (value === '' ? {} : value),
    z.object({
      IsTruncated: z.string().optional(),
      NextMarker: z.string().optional(),
      Contents: z.array(CONTENTS).default([]),
      CommonPrefixes: z.array(z.object({ Prefix: z.string() })).default([]),
    }),
  ),
});

/**
 * Limits above which a page is refused unread: twice the size of 1,000 keys, and more depth than a page has. A document
 * type is refused too, because its entities may expand to anything.
 */
const MAX_PAGE_CHARACTERS = 1024 * 1024;
const MAX_DEPTH = 10;

function readXml(text: string): unknown {
  try {
    if (
      text.length > MAX_PAGE_CHARACTERS ||
      text.includes('<!DOCTYPE') ||
      depthOf(text) > MAX_DEPTH ||
      XMLValidator.validate(text) !== true
    )
      return undefined;
    return parser.parse(text);
  } catch {
    return undefined;
  }
}

/** Returns the greatest depth of nested elements, counted by their tags. The parser would first build all of them. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [tag] of text.matchAll(/<(?![!?])[^<>]*>/g)) {
    if (tag.startsWith('</')) depth--;
    else if (!tag.endsWith('/>')) deepest = Math.max(deepest, ++depth);
  }
  return deepest;
}

function parsePage(text: string, url: string): Page {
  const parsed = LISTING.safeParse(readXml(text));
  if (!parsed.success) {
    throw new UnexpectedFormat(`archive listing ${url} must be an S3 ListBucketResult, got '${text.slice(0, 80)}'`);
  }
  const { Contents, CommonPrefixes, IsTruncated, NextMarker } = parsed.data.ListBucketResult;
  const objects = Contents.map((c) => ({ key: c.Key, sizeBytes: Number(c.Size), version: versionOf(c) }));
  const folders = CommonPrefixes.map(({ Prefix }) => Prefix);
  // S3 names the next marker only if folders were requested. Otherwise it is the last key.
  const last = NextMarker ?? [...objects.map((o) => o.key), ...folders].sort().at(-1);
  return { objects, folders, nextMarker: IsTruncated === 'true' ? last : undefined };
}

function versionOf({ Size, LastModified, ETag }: z.infer<typeof CONTENTS>): ArchiveVersion | undefined {
  const lastModifiedMs = Date.parse(LastModified ?? '');
  if (Number.isNaN(lastModifiedMs)) return undefined;
  return { lastModifiedMs, sizeBytes: Number(Size), ...(ETag ? { etag: ETag } : {}) };
}
