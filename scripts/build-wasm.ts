import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import asc from 'assemblyscript/asc';

/**
 * `npm run wasm`: compiles the AssemblyScript of each module to WebAssembly. It writes the module, and its bytes as
 * base64 in a TypeScript file: every loader and bundler reads that, and so the code hash covers the bytes. The bytes
 * depend on the sources and on the version of the compiler only. `npm run wasm -- --check` writes nothing and fails if
 * a file has other bytes. A folder as the last argument is compiled in place of this repository.
 */
const { values: options, positionals } = parseArgs({
  options: { check: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const ROOT = resolve(positionals[0] ?? resolve(fileURLToPath(import.meta.url), '../..'));

/** The name of each module, and its folder. Sources are in `assembly`; what is made of them is in `generated`. */
const MODULES = {
  kernels: 'lib/features/wasm',
  encoder: 'lib/parquet/wasm',
};

/** Options that decide the bytes. Memory is imported, so that the caller bounds it. There is no garbage collector. */
const OPTIONS = [
  ...['--runtime', 'stub', '--importMemory', '--enable', 'simd', '--noAssert'],
  ...['--optimizeLevel', '3', '--shrinkLevel', '0', '--converge'],
];

for (const [name, folder] of Object.entries(MODULES)) {
  const binary = await compile(folder);
  const written = { [`${name}.wasm`]: binary, [`${name}.ts`]: Buffer.from(asText(binary)) };
  for (const [file, bytes] of Object.entries(written)) {
    const path = join(ROOT, folder, 'generated', file);
    if (options.check) check(path, bytes);
    else {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, bytes);
    }
  }
  console.log(`${folder}/generated/${name}.wasm: ${binary.length} bytes`);
}

/** @throws Error with the compiler's messages if the sources do not compile */
async function compile(folder: string): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    [join(folder, 'assembly/index.ts'), '--baseDir', ROOT, '--outFile', 'out.wasm', ...OPTIONS],
    {
      writeFile(name: string, contents: Uint8Array | string) {
        if (name === 'out.wasm') binary = contents as Uint8Array;
      },
    },
  );
  if (error || !binary) throw new Error(`${folder} does not compile: ${stderr.toString()}`);
  return binary;
}

/** Returns the TypeScript file that carries the bytes. */
function asText(binary: Uint8Array): string {
  const head = '/** Written by `npm run wasm` from ../assembly: the module as base64. */';
  return `${head}\nexport const WASM_BASE64 =\n  '${Buffer.from(binary).toString('base64')}';\n`;
}

function check(path: string, bytes: Uint8Array): void {
  if (!Buffer.from(bytes).equals(readFileSync(path))) {
    console.error(`${path} must have the bytes of its sources: npm run wasm`);
    process.exitCode = 1;
  }
}
