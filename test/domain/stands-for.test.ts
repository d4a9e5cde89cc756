import { standsFor } from '../../lib/domain/stands-for.ts';

const AT = Date.parse('2024-03-01T12:00:00.250Z');
const version = { lastModifiedMs: AT, etag: '"abc-1"', sizeBytes: 10 };
const header = (ms: number) => new Date(ms).toUTCString();

describe('what stands for a file against a listed version', () => {
  const receipt = (sha: string, fetchedAtMs: number, etag: string, more: object = {}) =>
    new TextEncoder().encode(
      JSON.stringify({
        sha256: sha.repeat(64),
        fetchedAtMs,
        etag,
        lastModified: header(AT - 9_000),
        sizeBytes: 9,
        ...more,
      }),
    );
  const earlier = (fetchedAtMs: number, etag: string) => ({ earlier: [{ fetchedAtMs, etag }] });

  test.each([
    ['nothing', [], false],
    ['the listed version', [receipt('a', 1, '"abc-1"')], true],
    ['an older one', [receipt('a', 1, '"old"')], false],
    ['the listed one beside an older one', [receipt('a', 1, '"old"'), receipt('b', 2, '"abc-1"')], true],
    // S3 gives the same bytes the same ETag: the file was put back, and what lies there from before does not stand.
    [
      'a newer one, where the listed one is there from before',
      [receipt('a', 1, '"abc-1"'), receipt('b', 2, '"new"')],
      false,
    ],
    [
      'the listed one, landed again',
      [receipt('a', 3, '"abc-1"', earlier(1, '"abc-1"')), receipt('b', 2, '"new"')],
      true,
    ],
    ['bytes that were of the listed version before', [receipt('a', 3, '"old"', earlier(1, '"abc-1"'))], true],
    ['a receipt that cannot be read', [new TextEncoder().encode('{"sha')], false],
    ['none that can be read but one', [new TextEncoder().encode('null'), receipt('a', 1, '"abc-1"'), undefined], true],
  ] as const)('%s', (_, receipts, stands) => {
    expect(standsFor(receipts, version)).toBe(stands);
  });
});
