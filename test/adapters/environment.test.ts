import { readEnvironment } from '../../lib/adapters/environment.ts';
import { BadInput } from '../../lib/domain/errors.ts';

test('nothing set is Binance itself, a folder here, the machine’s clock, no key', () => {
  const archive = {
    archive: 'https://data.binance.vision',
    archiveListing: 'https://s3-ap-northeast-1.amazonaws.com/data.binance.vision',
  };
  expect(readEnvironment({})).toEqual({
    lake: './lake',
    lakeName: 'candlelake',
    urls: {
      um: { rest: 'https://fapi.binance.com', ...archive },
      cm: { rest: 'https://dapi.binance.com', ...archive },
      spot: { rest: 'https://api.binance.com', ...archive },
      sim: { rest: 'https://fapi.binance.com', ...archive },
    },
    standIn: false,
    nowMs: undefined,
    apiKey: undefined,
  });
});

test('base URLs stand in for all markets, slashes at their end left out', () => {
  const { urls, standIn } = readEnvironment({
    CANDLELAKE_REST_URL: 'http://127.0.0.1:8080//',
    CANDLELAKE_ARCHIVE_URL: 'http://127.0.0.1:8081/archive/',
  });
  const rest = 'http://127.0.0.1:8080';
  // The listing is at the archive's URL, unless it has its own.
  const archive = 'http://127.0.0.1:8081/archive';
  const all = { rest, archive, archiveListing: archive };
  expect(urls).toEqual({ um: all, cm: all, spot: all, sim: all });
  expect(standIn).toBe(true);
});

test('each URL can be given alone', () => {
  const listing = readEnvironment({ CANDLELAKE_ARCHIVE_LISTING_URL: 'http://127.0.0.1:1/list/' });
  expect(listing.urls.um).toMatchObject({
    archive: 'https://data.binance.vision',
    archiveListing: 'http://127.0.0.1:1/list',
  });
  const archive = readEnvironment({ CANDLELAKE_ARCHIVE_URL: 'http://127.0.0.1:2' });
  expect(archive).toMatchObject({
    standIn: true,
    urls: { um: { rest: 'https://fapi.binance.com' }, cm: { rest: 'https://dapi.binance.com' } },
  });
  expect(readEnvironment({ CANDLELAKE_REST_URL: 'http://127.0.0.1:3' }).urls.um.archive).toBe(
    'https://data.binance.vision',
  );
});

test('an empty variable counts as not set', () => {
  const names = ['CANDLELAKE_LAKE', 'CANDLELAKE_REST_URL', 'CANDLELAKE_ARCHIVE_URL', 'CANDLELAKE_ARCHIVE_LISTING_URL'];
  const empty = [...names, 'CANDLELAKE_NOW', 'BINANCE_API_KEY', 'BINANCE_SECRET_KEY'].map((name) => [name, '']);
  expect(readEnvironment(Object.fromEntries(empty))).toEqual(readEnvironment({}));
  expect(readEnvironment({ PATH: '/bin', CANDLELAKE_LAKE: undefined })).toEqual(readEnvironment({}));
});

test('lake and instant are as given', () => {
  const { lake, nowMs } = readEnvironment({ CANDLELAKE_LAKE: 's3://a-bucket', CANDLELAKE_NOW: '2024-03-05T10:07Z' });
  expect({ lake, nowMs }).toEqual({ lake: 's3://a-bucket', nowMs: Date.UTC(2024, 2, 5, 10, 7) });
});

test('a key counts with its secret only', () => {
  expect(readEnvironment({ BINANCE_API_KEY: 'k', BINANCE_SECRET_KEY: 's' }).apiKey).toEqual({ key: 'k', secret: 's' });
  expect(readEnvironment({ BINANCE_API_KEY: 'k' }).apiKey).toBeUndefined();
  expect(readEnvironment({ BINANCE_SECRET_KEY: 's' }).apiKey).toBeUndefined();
});

test.each([
  ['CANDLELAKE_REST_URL', 'fapi.binance.com'],
  ['CANDLELAKE_REST_URL', 'ftp://127.0.0.1'],
  ['CANDLELAKE_ARCHIVE_URL', 'file:///etc/passwd'],
  ['CANDLELAKE_ARCHIVE_LISTING_URL', 'http://'],
])('%s=%s is refused by name and value', (name, value) => {
  expect(() => readEnvironment({ [name]: value })).toThrow(BadInput);
  expect(() => readEnvironment({ [name]: value })).toThrow(`${name} must be an http(s) URL, got '${value}'`);
});

test.each(['soon', '2024-02-30', '1706745600000'])('CANDLELAKE_NOW=%s is refused by name and value', (value) => {
  expect(() => readEnvironment({ CANDLELAKE_NOW: value })).toThrow(BadInput);
  expect(() => readEnvironment({ CANDLELAKE_NOW: value })).toThrow(/^CANDLELAKE_NOW must be an ISO date or instant/);
});
