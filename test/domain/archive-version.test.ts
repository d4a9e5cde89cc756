import { isAsNewAs } from '../../lib/domain/archive-version.ts';
import { standsFor } from '../../lib/domain/stands-for.ts';

const AT = Date.parse('2024-03-01T12:00:00.250Z');
const version = { lastModifiedMs: AT, etag: '"abc-1"', sizeBytes: 10 };
const header = (ms: number) => new Date(ms).toUTCString();

describe('fetched bytes against a listed version', () => {
  test.each([
    ['the same ETag, whatever the times', { sizeBytes: 11, etag: '"abc-1"', lastModified: header(AT - 1e6) }, true],
    ['the same ETag through a proxy', { sizeBytes: 11, etag: 'W/"abc-1"' }, true],
    ['an earlier time', { sizeBytes: 10, etag: '"old"', lastModified: header(AT - 1000) }, false],
    ['the same second', { sizeBytes: 10, etag: '"old"', lastModified: header(AT) }, true],
    ['the same second and another size', { sizeBytes: 11, lastModified: header(AT) }, false],
    ['a later time, whatever the size', { sizeBytes: 11, lastModified: header(AT + 1000) }, true],
    ['no time and the same size', { sizeBytes: 10 }, true],
    ['no time and another size', { sizeBytes: 11 }, false],
    ['a time that is none', { sizeBytes: 11, lastModified: 'yesterday' }, false],
  ])('%s', (_, fetched, newEnough) => {
    expect(isAsNewAs(fetched, version)).toBe(newEnough);
  });
});

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
