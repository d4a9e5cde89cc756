import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** A request as S3 reads it: path-style, so that the path begins with the bucket. */
export interface S3Request {
  readonly method: string;
  readonly url: URL;
  readonly body: Uint8Array;
  /** In lower case; `if-match` and `if-none-match` are obeyed. */
  readonly headers?: Readonly<Record<string, unknown>>;
}

export interface S3Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** As much of S3 as the lake uses, in memory: put (with conditions), get, remove, and lists page by page. */
export interface MemoryS3 {
  /** Objects of every bucket, by `bucket/key`. */
  readonly objects: Map<string, Uint8Array>;
  answer(request: S3Request): S3Answer;
}

/** @param pageSize names in a page of a list; S3 itself gives a thousand. */
export function memoryS3(pageSize = 1000): MemoryS3 {
  const objects = new Map<string, Uint8Array>();

  function page(bucket: string, query: URLSearchParams): S3Answer {
    const names = [...objects.keys()]
      .filter((name) => name.startsWith(`${bucket}/${query.get('prefix')}`))
      .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    const begin = Number(query.get('continuation-token') ?? 0);
    const end = begin + pageSize;
    const entries = names.slice(begin, end).map((name) => {
      const key = name.slice(bucket.length + 1);
      const bytes = objects.get(name)!;
      const etag = etagOf(bytes).replaceAll('"', '&quot;');
      return `<Contents><Key>${key}</Key><Size>${bytes.length}</Size><ETag>${etag}</ETag></Contents>`;
    });
    const isCut = end < names.length;
    const next = isCut ? `<NextContinuationToken>${end}</NextContinuationToken>` : '';
    const body = `<ListBucketResult><IsTruncated>${isCut}</IsTruncated>${next}${entries.join('')}</ListBucketResult>`;
    return { status: 200, body };
  }

  return {
    objects,
    answer({ method, url, body, headers = {} }) {
      const name = decodeURIComponent(url.pathname.slice(1));
      if (method === 'PUT') {
        const there = objects.get(name);
        const { 'if-match': match, 'if-none-match': noneMatch } = headers;
        if (match !== undefined && !there) return { status: 404, body: s3Error('NoSuchKey') };
        const isOther = match !== undefined && there && etagOf(there) !== match;
        if (isOther || (noneMatch === '*' && there)) return { status: 412, body: s3Error('PreconditionFailed') };
        objects.set(name, body);
        return { status: 200, headers: { etag: etagOf(body) }, body: '' };
      }
      if (method === 'DELETE') {
        objects.delete(name);
        return { status: 204, body: '' };
      }
      if (url.searchParams.has('prefix')) return page(name.replace(/\/$/, ''), url.searchParams);
      const found = objects.get(name);
      if (!found) return { status: 404, body: s3Error('NoSuchKey') };
      return { status: 200, headers: { etag: etagOf(found), 'x-amz-checksum-crc32': checksumOf(found) }, body: found };
    },
  };
}

export function s3Error(code: string): string {
  return `<Error><Code>${code}</Code><Message>as the test wants it</Message></Error>`;
}

/** Returns the ETag that S3 gives an object that was put in one part: its MD5. */
function etagOf(bytes: Uint8Array): string {
  return `"${createHash('md5').update(bytes).digest('hex')}"`;
}

/** CRC-32 as S3 writes it into its headers. */
function checksumOf(bytes: Uint8Array): string {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bytes));
  return sum.toString('base64');
}
