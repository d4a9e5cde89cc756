import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as bundler from 'esbuild';
import { codeHashes, codeHashesOfSources } from '../../../lib/adapters/local/code-hash.ts';
import { temporaryFolder } from '../../support/folder.ts';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const NAMES = ['candles', 'streams', 'dataset'] as const;
type Name = (typeof NAMES)[number];

/** A copy of the sources, and the names of the hashes that an edit of one of its files changes. */
function copyOfCode(): { folder: string; changedBy: (file: string, edit: (text: string) => string) => Name[] } {
  const folder = temporaryFolder();
  for (const part of ['lib', 'package.json']) cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const before = codeHashesOfSources(folder);
  return {
    folder,
    changedBy(file, edit) {
      const path = join(folder, file);
      const text = readFileSync(path, 'utf8');
      const edited = edit(text);
      expect([file, edited]).not.toEqual([file, text]);
      writeFileSync(path, edited);
      const after = codeHashesOfSources(folder);
      writeFileSync(path, text);
      return NAMES.filter((name) => after[name] !== before[name]);
    },
  };
}

const replacing = (old: string, other: string) => (text: string) => text.replace(old, other);

describe('code hashes', () => {
  const { folder, changedBy } = copyOfCode();

  test('are three, and the same wherever the code is', () => {
    const hashes = codeHashes();
    expect(Object.keys(hashes)).toEqual(NAMES);
    expect(new Set(Object.values(hashes)).size).toBe(3);
    for (const hash of Object.values(hashes)) expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(codeHashesOfSources(folder)).toEqual(hashes);
  });

  test.each<[what: string, file: string, edit: (text: string) => string, changed: Name[]]>([
    [
      'a kernel',
      'lib/features/kernels/rsi.ts',
      replacing('gain[i] + loss[i]', 'gain[i] - loss[i]'),
      // The id of a pack has a hash of the values that its rows have, so other values give another id.
      ['candles'],
    ],
    [
      'a kernel in WebAssembly',
      'lib/features/wasm/generated/kernels.ts',
      replacing('AGFzbQEAAAAB', 'AGFzbQEAAAAC'),
      ['candles'],
    ],
    ['a label', 'lib/labels/first-touch.ts', replacing('< ', '<= '), ['candles']],
    [
      'the decoder of archive files',
      'lib/exchange/binance/decode-csv.ts',
      replacing('< 0', '< 1'),
      ['candles', 'streams'],
    ],
    ['the merge of candles', 'lib/lake/landing/merge.ts', replacing(' > ', ' >= '), ['candles']],
    ['the preference of sources', 'lib/lake/landing/preference.ts', replacing(' < ', ' <= '), ['candles', 'streams']],
    ['the gap ledger', 'lib/lake/ledger/ledger.ts', replacing(' < ', ' <= '), ['candles']],
    [
      'the writer of Parquet',
      'lib/parquet/writer/snappy-block.ts',
      replacing('HASH_BITS = 14', 'HASH_BITS = 13'),
      NAMES.slice(0, 2),
    ],
    [
      'the WebAssembly of the writer of Parquet',
      'lib/parquet/wasm/generated/encoder.ts',
      replacing("WASM_BASE64 =\n  'A", "WASM_BASE64 =\n  'B"),
      NAMES.slice(0, 2),
    ],
    ['the funding code', 'lib/exchange/binance/streams/funding.ts', replacing('Math.round', 'Math.floor'), ['streams']],
    ['the table of streams', 'lib/domain/stream-table.ts', replacing('funding: {', 'other: {'), ['streams']],
    [
      'the list of exchanges, of which each has decoders',
      'lib/exchange/venue-name.ts',
      replacing("'binance'", "'binance', 'other'"),
      ['candles', 'streams'],
    ],
    ['the folds of a pack', 'lib/dataset/folds.ts', replacing(' < ', ' <= '), ['dataset']],
  ])('a change of %s changes those of what it decides', (_, file, edit, changed) => {
    expect(changedBy(file, edit)).toEqual(changed);
  });

  test.each<[what: string, file: string, edit: (text: string) => string]>([
    ['a reworded comment', 'lib/features/kernels/rsi.ts', (text) => `/** Other words. */\n${text}// More words.\n`],
    ['white space', 'lib/lake/landing/merge.ts', (text) => text.replaceAll('\n', '\n\n')],
    ['line ends', 'lib/lake/landing/merge.ts', (text) => text.replaceAll('\n', '\r\n')],
    ['a type', 'lib/lake/landing/merge.ts', (text) => `${text}\nexport interface Another { readonly x: number }\n`],
    ['a function that they do not use', 'lib/domain/interval.ts', (text) => `${text}\nexport const other = () => 1;\n`],
    ['the introduction of docs/features.md', 'lib/features/certificate.ts', replacing('The ', 'These ')],
    ['the list of markets', 'lib/domain/market.ts', replacing("'sim'", "'sim', 'other'")],
    ['the table of markets', 'lib/exchange/markets.ts', replacing('fapi.binance.com', 'fapi.example.com')],
    ['the limits of REST', 'lib/exchange/binance/sources.ts', replacing('limit: 1_000', 'limit: 999')],
    ['the schema of manifests', 'lib/lake/manifest/contract.ts', replacing('z.int()', 'z.number()')],
    ['the fetch stage', 'lib/lake/fetch/fetch-batch.ts', replacing('await', 'await await')],
    [
      'the version of another package',
      'package.json',
      (text) => text.replace(/"commander": ".*?"/, '"commander": "99.0.0"'),
    ],
  ])('%s changes none', (_, file, edit) => {
    expect(changedBy(file, edit)).toEqual([]);
  });

  test.each<[name: string, changed: readonly Name[]]>([
    ['parquet-wasm', []],
    ['apache-arrow', []],
    ['hyparquet', ['dataset']],
  ])('another version of %s changes those of what it reads or writes', (name, changed) => {
    const bump = (text: string) => text.replace(new RegExp(`"${name}": ".*?"`), `"${name}": "99.0.0"`);
    expect(changedBy('package.json', bump)).toEqual(changed);
  });

  test('another version of the bundler changes all', () => {
    const other = codeHashesOfSources(folder, { ...bundler, version: '99.0.0' });
    expect(NAMES.filter((name) => other[name] !== codeHashes()[name])).toEqual(NAMES);
  });
});
