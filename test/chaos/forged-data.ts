import { buffer } from 'node:stream/consumers';
import { crc32, inflateRawSync } from 'node:zlib';
import { ZipFile } from 'yazl';
import type { Http, HttpAnswer } from '../../lib/ports.ts';
import { sha256Of } from '../support/bytes.ts';

/** Archive files that nobody should publish, under checksums that agree, and old forms that are harmless. */
export const FORGED_ZIPS = [
  'zip_bomb',
  'lying_zip',
  'path_name',
  'absolute_path_name',
  'folder_name',
  'two_files',
  'no_files',
  'nan_field',
  'negative_field',
  'absurd_field',
  'missing_field',
  'empty_field',
  'overlapping_rows',
  'header_gone',
  'microseconds',
  'windows_line_ends',
  'unknown_header',
] as const;
export type ForgedZip = (typeof FORGED_ZIPS)[number];

/** Answers of REST, with status 200, that are no candles. */
export const FORGED_ANSWERS = [
  'rest_nan',
  'rest_negative',
  'rest_absurd',
  'rest_missing_field',
  'rest_null_field',
  'rest_html',
  'rest_object',
  'rest_cut_json',
  'rest_deep_json',
] as const;
export type ForgedAnswer = (typeof FORGED_ANSWERS)[number];

export interface Forgery {
  readonly kind: ForgedZip | ForgedAnswer;
  /** Part of the URL; for a zip its file name. */
  readonly match: string;
  /** The number of answers; all, if left out. */
  readonly times?: number;
}

/**
 * HTTP whose answers are forged on the way. A forged zip comes with the checksum of the forged bytes. A zip that is
 * already damaged stays so, because its forger would give a checksum to the damage.
 */
export function forgedHttp(http: Http, forgeries: readonly Forgery[], struck: (kind: string) => void): Http {
  const left = forgeries.map(({ times }) => times ?? Number.POSITIVE_INFINITY);
  return {
    async get(url, options) {
      const index = forgeries.findIndex(({ match }, i) => left[i]! > 0 && url.includes(match));
      const forgery = forgeries[index];
      if (!forgery) return http.get(url, options);
      if (url.endsWith('.CHECKSUM')) {
        const zip = await http.get(url.slice(0, -'.CHECKSUM'.length), options);
        if (zip.status !== 200) return zip;
        if (!readOnlyEntry(zip.body)) return http.get(url, options);
        const forged = await forgeZip(zip.body, forgery.kind as ForgedZip);
        const name = url.slice(url.lastIndexOf('/') + 1, -'.CHECKSUM'.length);
        const body = Buffer.from(`${sha256Of(forged)}  ${name}`);
        return { status: 200, headers: {}, body };
      }
      const answer = await http.get(url, options);
      if (answer.status !== 200 || (isZip(forgery) && !readOnlyEntry(answer.body))) return answer;
      left[index]!--;
      struck(forgery.kind);
      return { ...answer, body: await forge(answer, forgery) };
    },
  };
}

async function forge(answer: HttpAnswer, forgery: Forgery): Promise<Uint8Array> {
  return isZip(forgery) ? forgeZip(answer.body, forgery.kind) : forgeAnswer(answer.body, forgery.kind as ForgedAnswer);
}

function isZip(forgery: Forgery): forgery is Forgery & { readonly kind: ForgedZip } {
  return (FORGED_ZIPS as readonly string[]).includes(forgery.kind);
}

async function forgeZip(zip: Uint8Array, kind: ForgedZip): Promise<Uint8Array> {
  const { name, csv } = readOnlyEntry(zip)!;
  const lines = csv.trimEnd().split('\n');
  const middle = lines.length >> 1;
  const withRow = (change: (fields: string[]) => string[]) =>
    zipOf([
      [name, [...lines.slice(0, middle), change(lines[middle]!.split(',')).join(','), ...lines.slice(middle + 1)]],
    ]);
  const withField = (field: number, value: string) => withRow((fields) => fields.with(field, value));
  switch (kind) {
    case 'zip_bomb':
      return claimSize(await zipOf([[name, ['0'.repeat(1 << 20)]]]), 3_000_000_000);
    case 'lying_zip':
      return claimSize(await zipOf([[name, ['0'.repeat(1 << 22)]]]), 1000);
    case 'path_name':
      return renameEntry(await zipOf([[`xx/xx/${name}`, lines]]), `../../${name}`);
    case 'absolute_path_name':
      return renameEntry(await zipOf([[`xtmp/${name}`, lines]]), `/tmp/${name}`.padStart(name.length + 5, '/'));
    case 'folder_name':
      return zipOf([[`data/${name}`, lines]]);
    case 'two_files':
      return zipOf([
        [name, lines],
        [`other-${name}`, lines],
      ]);
    case 'no_files':
      return zipOf([]);
    case 'nan_field':
      return withField(1, 'NaN');
    case 'negative_field':
      return withField(5, '-1.5');
    case 'absurd_field':
      // Lower than the lowest.
      return withField(2, '0.00000001');
    case 'missing_field':
      return withRow((fields) => fields.toSpliced(7, 1));
    case 'empty_field':
      return withField(4, '');
    case 'overlapping_rows':
      return withRow((fields) => fields.with(0, String(Number(fields[0]) + 400 * 86_400_000)));
    case 'header_gone':
      return zipOf([[name, lines[0]!.startsWith('open_time') ? lines.slice(1) : lines]]);
    case 'microseconds':
      return zipOf([[name, lines.map((line) => (line.startsWith('open_time') ? line : inMicroseconds(line)))]]);
    case 'windows_line_ends':
      return zipOf([[name, lines.map((line) => `${line}\r`)]]);
    case 'unknown_header':
      return zipOf([[name, ['time,o,h,l,c', ...lines]]]);
  }
}

function inMicroseconds(line: string): string {
  const fields = line.split(',');
  return fields.with(0, `${fields[0]}000`).with(6, `${fields[6]}999`).join(',');
}

function forgeAnswer(body: Uint8Array, kind: ForgedAnswer): Uint8Array {
  const text = Buffer.from(body).toString();
  const rows = (): unknown[][] => JSON.parse(text) as unknown[][];
  const withRow = (change: (row: unknown[]) => unknown[]) => {
    const all = rows();
    const middle = all.length >> 1;
    return JSON.stringify(all.map((row, index) => (index === middle ? change(row) : row)));
  };
  const forged = (): string => {
    switch (kind) {
      case 'rest_nan':
        return withRow((row) => row.with(1, 'NaN'));
      case 'rest_negative':
        return withRow((row) => row.with(5, '-3'));
      case 'rest_absurd':
        return withRow((row) => row.with(2, '0.00000001'));
      case 'rest_missing_field':
        return withRow((row) => row.slice(0, 11));
      case 'rest_null_field':
        return withRow((row) => row.with(4, null));
      case 'rest_html':
        return '<html><body>Just a moment...</body></html>';
      case 'rest_object':
        return '{"code":0,"msg":"ok"}';
      case 'rest_cut_json':
        return text.slice(0, text.length - 5);
      case 'rest_deep_json':
        return '['.repeat(50_000);
    }
  };
  return Buffer.from(forged());
}

/** Name and text of the one file in a zip as the simulated archive makes them. Undefined if the zip is damaged. */
function readOnlyEntry(zip: Uint8Array): { name: string; csv: string } | undefined {
  const bytes = Buffer.from(zip);
  try {
    const central = bytes.readUInt32LE(bytes.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1')) + 16);
    const compressedBytes = bytes.readUInt32LE(central + 20);
    const nameBytes = bytes.readUInt16LE(26);
    const begin = 30 + nameBytes + bytes.readUInt16LE(28);
    const csv = inflateRawSync(bytes.subarray(begin, begin + compressedBytes));
    if (crc32(csv) !== bytes.readUInt32LE(central + 16)) return undefined;
    return { name: bytes.toString('utf8', 30, 30 + nameBytes), csv: csv.toString() };
  } catch {
    // Cut, or what is packed is damaged.
    return undefined;
  }
}

async function zipOf(files: readonly (readonly [name: string, lines: readonly string[]])[]): Promise<Buffer> {
  const zip = new ZipFile();
  const mtime = new Date(2020, 0, 1);
  for (const [name, lines] of files) {
    zip.addBuffer(Buffer.from(`${lines.join('\n')}\n`), name, { mtime, forceDosTimestamp: true, compressionLevel: 3 });
  }
  zip.end();
  return buffer(zip.outputStream);
}

/** The zip with another unpacked size in its directory. */
function claimSize(zip: Buffer, sizeBytes: number): Buffer {
  const central = zip.readUInt32LE(zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1')) + 16);
  zip.writeUInt32LE(sizeBytes, central + 24);
  zip.writeUInt32LE(sizeBytes, 22);
  return zip;
}

/** The zip with another name, as long as the one it has, which its writer would refuse. */
function renameEntry(zip: Buffer, name: string): Buffer {
  const central = zip.readUInt32LE(zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1')) + 16);
  zip.write(name, 30, 'latin1');
  zip.write(name, central + 46, 'latin1');
  return zip;
}
