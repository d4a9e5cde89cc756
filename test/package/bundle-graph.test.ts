import { fileURLToPath } from 'node:url';
import { build, type Metafile } from 'esbuild';
import { COMMANDS } from '../../lib/cli/commands.ts';
import { bundleOptions } from '../../scripts/bundle-options.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const WORKER = 'lib/app/refine-worker.ts';
const COMPUTE = 'lib/app/compute-worker.ts';
const EXPORT = 'lib/cli/commands/export-result.ts';
const AS_OF = 'lib/app/materialise-lake.ts';
const DUCKDB = 'lib/adapters/local/duckdb-query-engine.ts';
const AWS = ['athena-query-engine', 'glue-catalogue', 's3-object-store'].map((name) => `lib/adapters/aws/${name}.ts`);
const commands = (...names: string[]) => names.map((name) => `lib/cli/commands/${name}.ts`);

/** Code that takes long to load, and the entries that load it: at the start of a command, or later if they need it. */
const LOADED_BY: readonly (readonly [code: string, entries: readonly string[]])[] = [
  ['node_modules/@duckdb/', [DUCKDB]],
  ['node_modules/@aws-sdk/', AWS],
  ['node_modules/@smithy/', [...AWS, 'node_modules/@smithy/core/dist-es/submodules/event-streams/index.js']],
  [
    'node_modules/zod/',
    [...commands('audit', 'dataset', 'history', 'ls', 'plan', 'prune', 'run', 'verify'), AS_OF, WORKER],
  ],
  ['node_modules/apache-arrow/', [...commands('dataset', 'verify'), EXPORT]],
  ['node_modules/hyparquet/', [...commands('audit', 'dataset', 'run', 'verify'), AS_OF, WORKER]],
  ['node_modules/fast-xml-parser/', commands('audit', 'plan', 'run')],
  ['node_modules/aws-local-stepfunctions/', commands('audit', 'run')],
  ['lib/exchange/binance/archive-listing.ts', commands('audit', 'plan', 'run')],
  ['lib/exchange/simulated/', ['lib/exchange/simulated/exchange.ts']],
  [
    'lib/features/kernels/',
    [...commands('audit', 'dataset', 'features', 'run', 'verify'), AS_OF, DUCKDB, WORKER, COMPUTE],
  ],
  ['lib/labels/compute-labels.ts', [...commands('audit', 'dataset', 'run', 'verify'), AS_OF, WORKER, COMPUTE]],
  ['lib/lake/refine/', [...commands('audit', 'dataset', 'run', 'verify'), AS_OF, WORKER, COMPUTE]],
];

/** Code that no command uses. */
const IN_NO_FILE = [
  'node_modules/@aws-sdk/client-lambda/',
  'node_modules/@aws-sdk/credential-providers/',
  'node_modules/ajv',
  'node_modules/asl-validator/',
  'node_modules/jsonata/',
  'node_modules/zod/v4/locales/de.js',
  'node_modules/aws-cdk-lib/',
  'node_modules/parquet-wasm/',
  'lib/infra/',
];

let outputs: Metafile['outputs'];
let entries: ReadonlyMap<string, string>;

beforeAll(async () => {
  outputs = (await build(bundleOptions(ROOT))).metafile.outputs;
  entries = new Map(
    Object.entries(outputs).flatMap(([file, { entryPoint }]) => (entryPoint ? [[entryPoint, file]] : [])),
  );
});

/** Returns the sources in the files that are loaded with a file of the bundle. What they load later does not count. */
function sourcesOf(file: string): string[] {
  const loaded = new Set([file]);
  for (const one of loaded) {
    for (const { path, kind } of outputs[one]!.imports)
      if (kind === 'import-statement' && outputs[path]) loaded.add(path);
  }
  return [...loaded].flatMap((one) => Object.keys(outputs[one]!.inputs));
}

test('each command is a part of the bundle that is loaded when the command runs', () => {
  expect([...entries.keys()]).toEqual(expect.arrayContaining(commands(...COMMANDS.map(({ name }) => name))));
});

test.each(LOADED_BY)('%s is loaded only by what uses it', (code, users) => {
  const loading = [...entries].filter(([, file]) => sourcesOf(file).some((source) => source.startsWith(code)));
  expect(loading.map(([entry]) => entry).sort()).toEqual([...users].sort());
});

test.each(IN_NO_FILE)('the bundle does not contain %s', (code) => {
  const sources = Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs));
  expect(sources.filter((source) => source.includes(code))).toEqual([]);
});

test('`lake --version` loads the names of the commands and none of their code', () => {
  const sources = sourcesOf(entries.get('bin/lake.ts')!);
  const packages = sources.filter((source) => source.startsWith('node_modules/'));
  expect(packages.filter((source) => !source.startsWith('node_modules/commander/'))).toEqual([]);
  expect(sources.filter((source) => /^lib\/(app|cli\/commands|lake|workflow)\//.test(source))).toEqual([]);
});
