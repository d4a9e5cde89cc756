import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { CodeHashes } from '../../ports.ts';
import { builtFrom, PACKAGE_ROOT } from './installation.ts';

/** The functions that decide the bytes of each product, by file. What they import is found from here. */
const ENTRIES: Readonly<Record<keyof CodeHashes, Readonly<Record<string, readonly string[]>>>> = {
  candles: {
    'lib/lake/landing/decode-shard.ts': ['decodeShard'],
    'lib/lake/ledger/frozen-tail.ts': ['withoutFrozenTail'],
    'lib/lake/ledger/quarantine.ts': ['quarantine'],
    'lib/lake/ledger/series-ledger.ts': ['createSeriesLedger'],
    'lib/lake/ledger/symbol-life.ts': ['symbolLife'],
    'lib/lake/refine/lookahead.ts': ['lookaheadAfter'],
    'lib/lake/manifest/hash-candles.ts': ['chainOf'],
    'lib/lake/refine/shard-computer.ts': ['shardComputer'],
    'lib/lake/refine/shard-end.ts': ['startAfter'],
  },
  streams: {
    'lib/lake/refine/streams/make-stream-shard.ts': ['makeStreamShard'],
    'lib/lake/refine/streams/reader-of.ts': ['readerOf'],
  },
  dataset: { 'lib/dataset/dataset.ts': ['makePack'] },
};

let hashes: CodeHashes | undefined;

/**
 * Returns the hashes of the code that makes candle shards, stream shards and training packs. If the code of a shard
 * changes, its hash changes and the shard is recomputed. A bundle carries the hashes of its sources.
 */
export function codeHashes(): CodeHashes {
  hashes ??= builtFrom()?.codeHashes ?? codeHashesOfSources(PACKAGE_ROOT);
  return hashes;
}

/**
 * Computes every code hash from the sources below `root`. A hash is the sha256 of three things: the modules that the
 * entries reach, bundled without comments, white space and unused functions; the version of each package that the
 * bundle imports; the version of the bundler, because another one may write the same code in another way.
 * @throws Error if an entry does not exist
 */
export function codeHashesOfSources(root: string, bundler: Bundler = esbuild()): CodeHashes {
  const hash = (name: keyof CodeHashes) => hashOf(name, root, bundler);
  return { candles: hash('candles'), streams: hash('streams'), dataset: hash('dataset') };
}

type Bundler = Pick<typeof import('esbuild'), 'buildSync' | 'version'>;

/** Returns the bundler. It is loaded here, because a lake that runs from its bundle has none. */
function esbuild(): Bundler {
  return createRequire(import.meta.url)('esbuild') as Bundler;
}

function hashOf(name: keyof CodeHashes, root: string, { buildSync, version }: Bundler): string {
  const entry = Object.entries(ENTRIES[name]).map(
    ([file, names]) => `export { ${names.join(', ')} } from './${file}';`,
  );
  const { outputFiles, metafile } = buildSync({
    absWorkingDir: root,
    stdin: { contents: entry.join('\n'), resolveDir: root, loader: 'ts' },
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    target: 'es2023',
    packages: 'external',
    minifyWhitespace: true,
    legalComments: 'none',
    charset: 'utf8',
    // No setting of a tsconfig.json changes the hash.
    tsconfigRaw: '{}',
  });
  const hash = createHash('sha256').update(`esbuild@${version}\0${outputFiles[0]!.text}\0`);
  for (const name of importedPackages(metafile)) hash.update(`${name}@${pinnedVersion(root, name)}\0`);
  return hash.digest('hex');
}

/** Names of the packages that a bundle imports, sorted. Node's own modules are not packages. */
function importedPackages({ outputs }: import('esbuild').Metafile): string[] {
  const paths = Object.values(outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
  const names = paths.filter((path) => !path.startsWith('node:')).map((path) => /^(@[^/]+\/)?[^/]+/.exec(path)![0]);
  return [...new Set(names)].sort();
}

function pinnedVersion(root: string, name: string): string {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  return dependencies[name]!;
}
