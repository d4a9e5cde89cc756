import { isAsNewAs } from '../../lib/domain/archive-version.ts';

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
    ['a text that is not a time', { sizeBytes: 11, lastModified: 'yesterday' }, false],
  ])('%s', (_, fetched, newEnough) => {
    expect(isAsNewAs(fetched, version)).toBe(newEnough);
  });
});
