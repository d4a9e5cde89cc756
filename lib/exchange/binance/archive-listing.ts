import { XMLParser, XMLValidator } from 'fast-xml-parser';
import pLimit from 'p-limit';
import { z } from 'zod';
import type { ArchiveVersion } from '../../domain/archive-version.ts';
import { parseRangeLabel } from '../../domain/chunk.ts';
import { UnexpectedFormat } from '../../domain/errors.ts';
import type { Market } from '../../domain/market.ts';
import type { Series } from '../../domain/series.ts';
import type { ArchiveFile } from '../../lake/plan/plan-chunks.ts';
import { archiveFilePrefix, archiveRoot } from './archive-path.ts';
import { type Asking, ask } from './ask.ts';

/** What the archive has, by its S3 listing (ListObjects version 1, the one its bucket answers without a key). */
export interface ArchiveListing {
  /** The monthly files of a series, in time order. */
  monthlyFiles(series: Series): Promise<ArchiveFile[]>;
  /** The daily files of a series, in time order: all, or those of one month (`2024-02`). */
  dailyFiles(series: Series, month?: string): Promise<ArchiveFile[]>;
  /** The files whose path is the prefix and a date, in time order, from this month (`2024-02`) on. */
  files(prefix: string, source: ArchiveFile['source'], sinceMonth: string): Promise<ArchiveFile[]>;
  /** Names of all symbols ever archived. */
  symbols(market: Market): Promise<string[]>;
  /** Asks for next to nothing, to learn whether there is an answer. */
  probe(market: Market): Promise<void>;
}

interface ListedObject {
  readonly key: string;
  readonly sizeBytes: number;
  /** Undefined where the listing does not tell; S3 does. */
  readonly version: ArchiveVersion | undefined;
}

/** One page of a listing. */
interface Page {
  readonly objects: readonly ListedObject[];
  readonly folders: readonly string[];
  /** Key to go on after, or undefined on the last page. */
  readonly nextMarker: string | undefined;
}

/** Pages a listing may have: 1,000 keys each, so that a server that never comes to an end is noticed. */
const MAX_PAGES = 200;

/**
 * Questions to the archive's bucket at once. It is S3, which takes thousands a second; REST has a budget of its own.
 */
const AT_ONCE = 32;

export function archiveListing(baseUrl: string, asking: Asking): ArchiveListing {
  const limit = pLimit(AT_ONCE);

  async function page(params: Record<string, string>): Promise<Page> {
    const url = `${baseUrl}?${new URLSearchParams(params)}`;
    return limit(() => ask(url, asking, ({ body }) => parsePage(new TextDecoder().decode(body), url)));
  }

  async function all(params: Record<string, string>, after?: string): Promise<Page> {
    const objects: ListedObject[] = [];
    const folders: string[] = [];
    let marker = after;
    for (let pages = 0; pages < MAX_PAGES; pages += 1) {
      const next = await page({ ...params, ...(marker === undefined ? {} : { marker }) });
      objects.push(...next.objects);
      folders.push(...next.folders);
      if (next.nextMarker === undefined) return { objects, folders, nextMarker: undefined };
      if (next.nextMarker === marker) break;
      marker = next.nextMarker;
    }
    throw new UnexpectedFormat(
      `archive listing of '${params['prefix']}' must come to an end, got no end at '${marker}'`,
    );
  }

  async function candleFiles(series: Series, source: ArchiveFile['source'], month = ''): Promise<ArchiveFile[]> {
    const prefix = archiveFilePrefix(series, source === 'archive_monthly' ? 'monthly' : 'daily');
    const { objects } = await all({ prefix: `${prefix}${month}` });
    return filesOf(objects, source, prefix);
  }

  function filesOf(objects: Page['objects'], source: ArchiveFile['source'], prefix: string): ArchiveFile[] {
    return objects
      .filter((o) => o.key.endsWith('.zip'))
      .map(({ key, sizeBytes, version }) => ({ source, range: fileRange(source, key, prefix), sizeBytes, version }))
      .sort((a, b) => a.range.fromMs - b.range.fromMs);
  }

  return {
    monthlyFiles: (series) => candleFiles(series, 'archive_monthly'),
    dailyFiles: (series, month) => candleFiles(series, 'archive_daily', month),
    files: async (prefix, source, sinceMonth) => {
      // Behind the month's name without an ending come the month itself and its days.
      const { objects } = await all({ prefix }, `${prefix}${sinceMonth}`);
      return filesOf(objects, source, prefix);
    },
    symbols: async (market) => {
      const names = new Set<string>();
      for (const frequency of ['monthly', 'daily'] as const) {
        const { folders } = await all({ prefix: archiveRoot(market, frequency), delimiter: '/' });
        for (const folder of folders) names.add(folder.split('/').at(-2)!);
      }
      return [...names].sort();
    },
    probe: async (market) => {
      await page({ prefix: archiveRoot(market, 'monthly'), delimiter: '/', 'max-keys': '1' });
    },
  };
}

function fileRange(source: ArchiveFile['source'], key: string, prefix: string): ArchiveFile['range'] {
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

// Only what is read is named. An element without text is ''.
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
 * Refused unread: twice what a page of 1,000 keys takes, elements deeper than it has, and a document type, whose
 * entities may unfold to anything.
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

/** How deep the elements lie in one another at most, counted by their tags alone. */
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
  // S3 names the next marker only where folders were asked for; otherwise it is the last key.
  const last = NextMarker ?? [...objects.map((o) => o.key), ...folders].sort().at(-1);
  return { objects, folders, nextMarker: IsTruncated === 'true' ? last : undefined };
}

function versionOf({ Size, LastModified, ETag }: z.infer<typeof CONTENTS>): ArchiveVersion | undefined {
  const lastModifiedMs = Date.parse(LastModified ?? '');
  if (Number.isNaN(lastModifiedMs)) return undefined;
  return { lastModifiedMs, sizeBytes: Number(Size), ...(ETag ? { etag: ETag } : {}) };
}
