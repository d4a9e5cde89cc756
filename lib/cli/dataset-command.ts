import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readEnvironment } from '../adapters/environment.ts';
import { datasetCodeHash } from '../adapters/local/code-hash.ts';
import type { DatasetInput } from '../dataset/contract.ts';
import { dataset } from '../dataset/dataset.ts';
import { parseDatasetRequest } from '../dataset/dataset-request.ts';
import { BadInput } from '../domain/errors.ts';
import { encodeParquet } from '../refine/parquet.ts';
import { datasetText } from './dataset-text.ts';
import { assertWritable, openStore } from './open-lake.ts';
import type { Terminal } from './terminal.ts';

export interface DatasetOptions extends DatasetInput {
  readonly out: string;
  readonly lake?: string;
  readonly json?: boolean;
}

/** Where the folder store keeps files that it is writing. */
const WRITING = '.writing';

/** `lake dataset`: a training pack from the features and labels of the lake. */
export async function datasetCommand(options: DatasetOptions, terminal: Terminal): Promise<number> {
  parseDatasetRequest(options);
  const { out } = options;
  const folder = out.includes('://') ? undefined : resolve(out);
  if (folder !== undefined) assertUsable(out, folder);
  const [store, pack] = await Promise.all([
    openStore(options.lake ?? readEnvironment(terminal.variables).lake),
    openStore(out),
  ]);
  const manifest = await dataset(options, {
    store,
    out: pack,
    codeHash: datasetCodeHash(),
    encodeTable: encodeParquet,
  });
  if (folder !== undefined) rmSync(join(folder, WRITING), { recursive: true, force: true });
  terminal.out.write(options.json ? `${JSON.stringify(manifest)}\n` : datasetText(manifest, out));
  return 0;
}

/** A home folder given by mistake is refused before anybody walks through it. */
function assertUsable(out: string, folder: string): void {
  try {
    assertWritable(folder);
  } catch (error) {
    if (error instanceof BadInput) throw new BadInput(error.message.replace(/^lake/, 'out'), { cause: error });
    throw error;
  }
  if (!existsSync(folder) || existsSync(join(folder, 'manifest.json'))) return;
  const first = readdirSync(folder).find((name) => name !== WRITING);
  if (first !== undefined) throw new BadInput(`out ${out} must be empty or hold this dataset, got '${first}' in it`);
}
