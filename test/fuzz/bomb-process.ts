import { randomBytes } from 'node:crypto';
import { constants, deflateRawSync } from 'node:zlib';
import { archiveListing } from '../../lib/exchange/binance/archive-listing.ts';
import { decodeCsv } from '../../lib/exchange/binance/decode-csv.ts';
import { decodeRest } from '../../lib/exchange/binance/decode-rest.ts';
import { unzipCsv } from '../../lib/exchange/binance/unzip.ts';
import { exchangeAccess } from '../support/exchange-access.ts';

const MIB = 2 ** 20;

/** Small inputs that unfold to much, and large ones that are nothing: what makes each, and who reads it. */
const BOMBS: Readonly<Record<string, readonly [make: () => Buffer, read: (bytes: Buffer) => unknown]>> = {
  'a zip of 1:1000 that says how much it holds': [() => zipOf(unfolding(400), 400 * MIB), unzip],
  'a zip of 1:1000 that says that it holds little': [() => zipOf(unfolding(400), 1000), unzip],
  'a zip that says that it holds 4 GiB': [() => zipOf(deflateRawSync('0'), 0xfffffffe), unzip],
  'a listing whose entities unfold': [entityBomb, readListing],
  'a listing of a million levels': [() => Buffer.from('<a>'.repeat(1_000_000)), readListing],
  'a listing of unfinished tags': [() => Buffer.alloc(MIB, '<a '), readListing],
  'a listing of attributes': [() => Buffer.from(`<ListBucketResult ${'a="b" '.repeat(170_000)}`), readListing],
  'a listing of open comments': [() => Buffer.alloc(MIB, '<!-- '), readListing],
  'a listing of 20 MiB': [() => Buffer.alloc(20 * MIB, '<a '), readListing],
  'a REST answer of a million levels': [
    () => Buffer.from('['.repeat(1_000_000)),
    (bytes) => decodeRest(bytes, 'a.json'),
  ],
  'a CSV of commas': [() => Buffer.alloc(20 * MIB, ','), readCsv],
  'a CSV of one number': [() => Buffer.alloc(20 * MIB, '9'), readCsv],
  'a CSV of noise': [() => randomBytes(20 * MIB), readCsv],
};

/** The result of one input. `grownMiB` is the growth of the process above its largest size before. */
export interface Burst {
  readonly name: string;
  readonly ending: string;
  readonly grownMiB: number;
  readonly ms: number;
}

const bursts: Burst[] = [];
for (const [name, [make, read]] of Object.entries(BOMBS)) {
  const bytes = make();
  const peakKiB = () => process.resourceUsage().maxRSS;
  const beforeKiB = peakKiB();
  const beganMs = performance.now();
  let ending = 'read';
  try {
    await read(bytes);
  } catch (error) {
    ending = (error as Error).name;
  }
  bursts.push({ name, ending, grownMiB: (peakKiB() - beforeKiB) / 1024, ms: performance.now() - beganMs });
}
process.stdout.write(`${JSON.stringify(bursts)}\n`);

function unzip(bytes: Buffer) {
  return unzipCsv(bytes, 'a.zip');
}

function readCsv(bytes: Buffer) {
  return decodeCsv(bytes, 'a.csv');
}

function readListing(bytes: Buffer) {
  const http = { get: async () => ({ status: 200, headers: {}, body: bytes }) };
  const clock = { nowMs: () => 0, sleep: async () => {} };
  return archiveListing(exchangeAccess(clock, 'http://archive', http)).symbols('um');
}

/** Deflated zeros, so many MiB, a thousandth as long. */
function unfolding(mib: number): Buffer {
  const one = deflateRawSync(Buffer.alloc(MIB, '0'), { finishFlush: constants.Z_FULL_FLUSH, level: 9 });
  return Buffer.concat([...Array<Buffer>(mib).fill(one), deflateRawSync('')]);
}

/** A zip with one file, whose headers say that it unpacks to so many bytes. */
function zipOf(deflated: Buffer, claimedBytes: number): Buffer {
  const name = Buffer.from('a.csv');
  const local = Buffer.alloc(30);
  const central = Buffer.alloc(46);
  for (const [header, magic, at] of [
    [local, 0x04034b50, 8],
    [central, 0x02014b50, 10],
  ] as const) {
    header.writeUInt32LE(magic, 0);
    header.writeUInt16LE(8, at);
    header.writeUInt32LE(deflated.length, at + 10);
    header.writeUInt32LE(claimedBytes, at + 14);
    header.writeUInt16LE(name.length, at + 18);
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length + name.length, 12);
  end.writeUInt32LE(local.length + name.length + deflated.length, 16);
  return Buffer.concat([local, name, deflated, central, name, end]);
}

/** The billion laughs. */
function entityBomb(): Buffer {
  const entities = Array.from({ length: 9 }, (_, i) => `<!ENTITY e${i + 1} "${`&e${i};`.repeat(10)}">`).join('');
  return Buffer.from(
    `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "ha">${entities}]>` +
      '<ListBucketResult><NextMarker>&e9;</NextMarker></ListBucketResult>',
  );
}
