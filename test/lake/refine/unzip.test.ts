import { buffer } from 'node:stream/consumers';
import { crc32, deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { ZipFile } from 'yazl';
import { CorruptObject, UnexpectedFormat } from '../../../lib/domain/errors.ts';
import { unzipCsv } from '../../../lib/exchange/binance/unzip.ts';
import { candleRows } from '../../support/candles.ts';

const NAME = 'BTCUSDT-1h-2024-02.zip';
const CSV = Buffer.from(`${candleRows('1h', '2024-02-01T00:00Z', 5).join('\n')}\n`);

/** A real zip, by another library than the one that reads it. */
async function zipOf(
  files: Readonly<Record<string, Uint8Array>>,
  options: { compress?: boolean } = {},
): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, bytes] of Object.entries(files)) zip.addBuffer(Buffer.from(bytes), name, options);
  zip.end();
  return buffer(zip.outputStream) as Promise<Buffer>;
}

/** A one-file zip written by hand, whose headers may lie. */
function forgedZip(
  name: string,
  raw: Buffer,
  claims: { size?: number; crc?: number; method?: number; flags?: number; compressedSize?: number } = {},
): Buffer {
  const { size = raw.length, crc = 0, method = 8, flags = 0, compressedSize = raw.length } = claims;
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(flags, 6);
  local.writeUInt16LE(method, 8);
  local.writeUInt32LE(crc, 14);
  local.writeUInt32LE(compressedSize, 18);
  local.writeUInt32LE(size, 22);
  local.writeUInt16LE(name.length, 26);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50, 0);
  central.writeUInt16LE(flags, 8);
  central.writeUInt16LE(method, 10);
  central.writeUInt32LE(crc, 16);
  central.writeUInt32LE(compressedSize, 20);
  central.writeUInt32LE(size, 24);
  central.writeUInt16LE(name.length, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(46 + name.length, 12);
  end.writeUInt32LE(30 + name.length + raw.length, 16);
  return Buffer.concat([local, Buffer.from(name), raw, central, Buffer.from(name), end]);
}

const outcome = (zip: Uint8Array): Promise<Error | Uint8Array> => unzipCsv(zip, NAME).catch((error: Error) => error);

test('the one CSV of a zip comes out as it went in, deflated or stored', async () => {
  for (const compress of [true, false]) {
    const zip = await zipOf({ 'BTCUSDT-1h-2024-02.csv': CSV }, { compress });
    expect(Buffer.compare(await unzipCsv(zip, NAME), CSV)).toBe(0);
  }
});

test('an empty CSV is one', async () => {
  for (const compress of [true, false]) {
    expect((await unzipCsv(await zipOf({ 'a.csv': Buffer.alloc(0) }, { compress }), NAME)).length).toBe(0);
  }
});

test('a zip that lies inside a larger buffer is read from there', async () => {
  const zip = await zipOf({ 'a.csv': CSV });
  const around = Buffer.concat([Buffer.from('before'), zip, Buffer.from('after')]);
  expect(Buffer.compare(await unzipCsv(around.subarray(6, 6 + zip.length), NAME), CSV)).toBe(0);
});

test('a zip cut anywhere is corrupt', async () => {
  const zip = await zipOf({ 'a.csv': CSV });
  for (let length = 0; length < zip.length; length++) {
    const error = await outcome(zip.subarray(0, length));
    expect(error).toBeInstanceOf(CorruptObject);
    expect((error as Error).message).toContain(NAME);
  }
});

test('a flipped bit gives the same CSV or is refused, nothing else', async () => {
  const zip = await zipOf({ 'a.csv': CSV });
  const damagedCsv: number[] = [];
  for (let at = 0; at < zip.length; at++) {
    const damaged = Uint8Array.from(zip);
    damaged[at] = damaged[at]! ^ (1 << (at % 8));
    const result = await outcome(damaged);
    if (result instanceof Error) expect(['CorruptObject', 'UnexpectedFormat']).toContain(result.name);
    else if (Buffer.compare(result, CSV) !== 0) damagedCsv.push(at);
  }
  expect(damagedCsv).toEqual([]);
});

test('any bytes, and zips damaged in several places, are refused by one of the two names', async () => {
  const zip = await zipOf({ 'a.csv': CSV });
  const check = async (bytes: Uint8Array) => {
    const result = await outcome(bytes);
    if (result instanceof Error) expect(['CorruptObject', 'UnexpectedFormat']).toContain(result.name);
  };
  await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), check));
  const damage = fc.array(fc.tuple(fc.nat(zip.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(damage, async (places) => {
      const bytes = Uint8Array.from(zip);
      for (const [at, byte] of places) bytes[at] = byte;
      await check(bytes);
    }),
    { numRuns: 300 },
  );
});

describe('a sound zip of something else', () => {
  test.each([
    ['no file', {}, 'holds 0 files'],
    ['two files', { 'a.csv': CSV, 'b.csv': CSV }, 'holds 2 files (a.csv, b.csv), expected one .csv'],
    ['a CSV and a readme', { 'a.csv': CSV, 'README.txt': CSV }, 'holds 2 files'],
    ['a text file', { 'a.txt': CSV }, 'holds 1 files (a.txt)'],
    ['a file in a folder named like a CSV', { 'a.csv/b.bin': CSV }, 'holds 1 files (a.csv/b.bin)'],
  ])('with %s is refused', async (_, files, why) => {
    const error = await outcome(await zipOf(files));
    expect(error).toBeInstanceOf(UnexpectedFormat);
    expect((error as Error).message).toContain(why);
  });

  test('with very many files is refused without reading them all', async () => {
    const files = Object.fromEntries(Array.from({ length: 3_000 }, (_, i) => [`${i}.csv`, Buffer.alloc(0)]));
    const error = await outcome(await zipOf(files));
    expect(error).toBeInstanceOf(UnexpectedFormat);
    expect((error as Error).message.length).toBeLessThan(200);
  });
});

test.each(['../../evil.csv', '/etc/evil.csv', '..\\evil.csv', 'C:\\evil.csv', 'C:/evil.csv'])(
  'a file named %s is never written anywhere: its bytes come out or the zip is refused',
  async (name) => {
    const crc = crc32(CSV);
    const result = await outcome(forgedZip(name, deflateRawSync(CSV), { size: CSV.length, crc }));
    if (result instanceof Error) expect(result.name).toMatch(/^(CorruptObject|UnexpectedFormat)$/);
    else expect(Buffer.compare(result, CSV)).toBe(0);
  },
);

describe('headers that lie', () => {
  const raw = deflateRawSync(CSV);
  const honest = { size: CSV.length, crc: crc32(CSV) };

  test('the forger’s honest zip is read', async () => {
    expect(Buffer.compare((await outcome(forgedZip('a.csv', raw, honest))) as Uint8Array, CSV)).toBe(0);
  });

  test.each([
    ['a larger size', { ...honest, size: CSV.length + 1 }, CorruptObject],
    ['a smaller size', { ...honest, size: CSV.length - 1 }, CorruptObject],
    ['size zero', { ...honest, size: 0 }, CorruptObject],
    ['another CRC', { ...honest, crc: honest.crc ^ 1 }, CorruptObject],
    ['more compressed bytes than there are', { ...honest, compressedSize: raw.length + 1000 }, CorruptObject],
    ['fewer compressed bytes', { ...honest, compressedSize: raw.length - 5 }, CorruptObject],
    ['that it is encrypted', { ...honest, flags: 1 }, CorruptObject],
    ['that it is stored', { ...honest, method: 0 }, CorruptObject],
    ['a size beyond any month', { ...honest, size: 0xfffffff0 }, UnexpectedFormat],
  ])('about %s are found', async (_, claims, kind) => {
    expect(await outcome(forgedZip('a.csv', raw, claims))).toBeInstanceOf(kind);
  });

  test('about the method are found, whichever it is', async () => {
    for (const method of [1, 9, 12, 14, 93, 95, 99]) {
      const error = await outcome(forgedZip('a.csv', raw, { ...honest, method }));
      expect(['CorruptObject', 'UnexpectedFormat']).toContain((error as Error).name);
    }
  });

  test('a bomb that claims a little and unpacks to much stops at what it claims', async () => {
    const bomb = deflateRawSync(Buffer.alloc(100_000_000));
    const before = process.memoryUsage().arrayBuffers;
    expect(await outcome(forgedZip('a.csv', bomb, { size: 1_000, crc: 0 }))).toBeInstanceOf(CorruptObject);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50_000_000);
  });
});
