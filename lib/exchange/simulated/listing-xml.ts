import type { ListingPage, ListingQuery } from './archive-listing.ts';

interface ListingObjectFacts {
  readonly etag: string;
  readonly sizeBytes: number;
  readonly lastModifiedMs: number;
}

interface ListingXmlInput {
  readonly query: ListingQuery;
  readonly page: ListingPage;
  readonly version: 1 | 2;
  /** The marker (version 1) or continuation token (version 2) as it was asked with. */
  readonly marker: string;
  readonly startAfter: string;
  factsOf(object: ListingPage['objects'][number]): ListingObjectFacts;
}

/** The answer of ListObjects as S3 writes it, version 1 or 2. */
export function listingXml(input: ListingXmlInput): string {
  const { query, page, version } = input;
  const lines = [
    tag('Name', 'data.binance.vision'),
    tag('Prefix', query.prefix),
    ...(version === 1 ? [tag('Marker', input.marker)] : []),
    ...(version === 2 && input.startAfter ? [tag('StartAfter', input.startAfter)] : []),
    ...(version === 2 && input.marker ? [tag('ContinuationToken', input.marker)] : []),
    // S3 names the next marker only with a delimiter. Without one it is the last key.
    ...(page.truncated && version === 1 && query.delimiter ? [tag('NextMarker', page.last)] : []),
    ...(page.truncated && version === 2 ? [tag('NextContinuationToken', toToken(page.last))] : []),
    ...(version === 2 ? [tag('KeyCount', page.objects.length + page.commonPrefixes.length)] : []),
    tag('MaxKeys', query.maxKeys),
    ...(query.delimiter ? [tag('Delimiter', query.delimiter)] : []),
    tag('IsTruncated', page.truncated),
    ...page.objects.map((object) => {
      const { etag, sizeBytes, lastModifiedMs } = input.factsOf(object);
      const modified = tag('LastModified', new Date(lastModifiedMs).toISOString());
      const rest = `${tag('ETag', etag)}${tag('Size', sizeBytes)}${tag('StorageClass', 'STANDARD')}`;
      return `<Contents>${tag('Key', object.key)}${modified}${rest}</Contents>`;
    }),
    ...page.commonPrefixes.map((prefix) => `<CommonPrefixes>${tag('Prefix', prefix)}</CommonPrefixes>`),
  ];
  const body = lines.join('');
  const head = '<?xml version="1.0" encoding="UTF-8"?>';
  return `${head}\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${body}</ListBucketResult>`;
}

/** The XML that S3 answers if a key does not exist. */
export function noSuchKeyXml(key: string): string {
  const fields = `${tag('Code', 'NoSuchKey')}${tag('Message', 'The specified key does not exist.')}${tag('Key', key)}`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${fields}${tag('RequestId', '0000000000000000')}</Error>`;
}

/** Continuation tokens mean nothing to the client; here they hold the last key. */
function toToken(key: string): string {
  return Buffer.from(key).toString('base64');
}

export function fromToken(token: string): string {
  return Buffer.from(token, 'base64').toString();
}

function tag(name: string, value: string | number | boolean): string {
  return `<${name}>${escapeXml(String(value))}</${name}>`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
