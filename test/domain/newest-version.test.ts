import { newestIsAtLeast } from '../../lib/lake/landing/newest-version.ts';

const AT = Date.parse('2024-03-01T12:00:00.250Z');
const version = { lastModifiedMs: AT, etag: '"abc-1"', sizeBytes: 10 };
const range = { fromMs: Date.UTC(2024, 1), toMs: Date.UTC(2024, 2) };

describe('the newest landed version of a file against a listed version', () => {
  const idOf = (sha: string) => ({ source: 'archive_monthly', range, sha256: sha.repeat(64) }) as const;
  const landing = (fetchedAtMs: number, etag: string) => ({
    url: 'https://example.org/BTCUSDT-1h-2024-02.zip',
    fetchedAtMs,
    asOfMs: AT,
    etag,
    lastModified: new Date(AT - 9_000).toUTCString(),
  });
  const text = (sha: string, words: string | undefined) => ({
    id: idOf(sha),
    bytes: words === undefined ? undefined : new TextEncoder().encode(words),
  });
  const receipt = (sha: string, fetchedAtMs: number, etag: string, more: object = {}) =>
    text(sha, JSON.stringify({ ...idOf(sha), ...landing(fetchedAtMs, etag), sizeBytes: 9, ...more }));
  const earlier = (fetchedAtMs: number, etag: string) => ({ earlier: [landing(fetchedAtMs, etag)] });

  test.each([
    ['nothing', [], false],
    ['the listed version', [receipt('a', 1, '"abc-1"')], true],
    ['an older one', [receipt('a', 1, '"old"')], false],
    ['the listed one beside an older one', [receipt('a', 1, '"old"'), receipt('b', 2, '"abc-1"')], true],
    // S3 gives the same bytes the same ETag: the file was put back, and what lies there from before does not stand.
    ['a newer one, if the listed one landed before it', [receipt('a', 1, '"abc-1"'), receipt('b', 2, '"new"')], false],
    [
      'the listed one, landed again',
      [receipt('a', 3, '"abc-1"', earlier(1, '"abc-1"')), receipt('b', 2, '"new"')],
      true,
    ],
    ['bytes that were of the listed version before', [receipt('a', 3, '"old"', earlier(1, '"abc-1"'))], true],
    ['none that can be read but one', [text('b', 'null'), receipt('a', 1, '"abc-1"'), text('c', undefined)], true],
  ] as const)('%s', (_, receipts, stands) => {
    expect(newestIsAtLeast(receipts, version)).toBe(stands);
  });

  test.each([
    ['cut short', text('a', '{"sha')],
    ['empty', text('a', '{}')],
    ['with earlier landings that are no list', receipt('a', 1, '"abc-1"', { earlier: 3 })],
    ['with damaged earlier landings', receipt('a', 2, '"abc-1"', { earlier: [3] })],
    ['without a time', receipt('a', 1, '"abc-1"', { fetchedAtMs: undefined })],
    ['with an ETag that is no text', receipt('a', 1, '"abc-1"', { etag: 3 })],
    ['of other bytes', receipt('a', 1, '"abc-1"', { sha256: 'b'.repeat(64) })],
    ['of another month', receipt('a', 1, '"abc-1"', { range: { fromMs: range.toMs, toMs: Date.UTC(2024, 3) } })],
  ])('a receipt %s is no evidence of a version', (_, damaged) => {
    expect(newestIsAtLeast([damaged], version)).toBe(false);
    expect(newestIsAtLeast([damaged, receipt('b', 1, '"abc-1"')], version)).toBe(true);
  });
});
