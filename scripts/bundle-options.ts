import { createRequire } from 'node:module';
import type { BuildOptions, Plugin } from 'esbuild';

const require = createRequire(import.meta.url);

/** Packages that look for a native library or a worker beside themselves. */
const BESIDE_THEMSELVES = ['@duckdb/node-bindings', 'piscina'];

/** Packages with a costly start, such as 5 MB of WebAssembly. They also look for files beside themselves. */
const ON_FIRST_USE = ['parquet-wasm'];

/**
 * Packages that aws-local-stepfunctions imports, and the imported names. It uses them only to call real Lambda
 * functions and to validate definitions. `lib/workflow` gives every task a handler and validates definitions itself.
 */
const NEVER_USED: Readonly<Record<string, readonly string[]>> = {
  '@aws-sdk/client-lambda': ['InvokeCommand', 'LambdaClient'],
  '@aws-sdk/credential-providers': ['fromCognitoIdentityPool'],
  'asl-validator': ['default'],
};

/** Bundled CommonJS modules load Node's own modules by `require`, which ES modules do not have. */
const REQUIRE = `import { createRequire as createRequireOfBundle } from 'node:module';
const require = createRequireOfBundle(import.meta.url);`;

/**
 * Returns the options for the bundle of `lake` and of its workers. A file of the bundle is loaded only if the command
 * imports something of it.
 * @param root the folder of the sources
 */
export function bundleOptions(root: string) {
  return {
    absWorkingDir: root,
    entryPoints: ['bin/lake.ts', 'lib/app/refine-worker.ts', 'lib/app/compute-worker.ts'],
    outdir: 'dist',
    entryNames: '[name]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    external: BESIDE_THEMSELVES,
    // Names stay as they are, because stack traces print them.
    minifyWhitespace: true,
    minifySyntax: true,
    banner: { js: REQUIRE },
    plugins: [
      replacePackages('on-first-use', ON_FIRST_USE, loadedOnFirstUse),
      replacePackages('never-used', Object.keys(NEVER_USED), refusingUse),
    ],
    metafile: true,
    write: false,
  } as const satisfies BuildOptions;
}

/** Returns a plugin that puts other modules in the place of packages. */
function replacePackages(name: string, packages: readonly string[], moduleOf: (path: string) => string): Plugin {
  return {
    name,
    setup({ onResolve, onLoad }) {
      // In the module itself, `require` gets the package.
      onResolve({ filter: /^[\w@]/ }, ({ path, namespace }) => {
        if (!packages.includes(path)) return undefined;
        return namespace === name ? { path, external: true } : { path, namespace: name };
      });
      onLoad({ filter: /./, namespace: name }, ({ path }) => ({ contents: moduleOf(path) }));
    },
  };
}

/** Returns a module with the names of a package. Constants are copied; the package is loaded for anything else. */
function loadedOnFirstUse(path: string): string {
  const exports = Object.entries(require(path) as Record<string, unknown>).map(([name, value]) => {
    const isConstant = typeof value !== 'function';
    const body = isConstant ? JSON.stringify(value) : `require(${JSON.stringify(path)}).${name}`;
    return isConstant ? `exports.${name} = ${body};` : `define('${name}', () => ${body});`;
  });
  return [
    `const define = (name, get) => Object.defineProperty(exports, name, { enumerable: true, get });`,
    ...exports,
  ].join('\n');
}

/** Returns a module with the given names of a package. A use of one is an error. */
function refusingUse(path: string): string {
  const refuse = `function () { throw new Error('${path} is not in the bundle'); }`;
  return NEVER_USED[path]!.map((name) =>
    name === 'default' ? `export default ${refuse};` : `export const ${name} = ${refuse};`,
  ).join('\n');
}
