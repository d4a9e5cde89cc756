import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { systemClock } from '../../adapters/clock.ts';
import { readEnvironment } from '../../adapters/environment.ts';
import { codeHashes } from '../../adapters/local/code-hash.ts';
import { sourceCommit } from '../../adapters/local/source-commit.ts';
import { materialiseLake } from '../../app/materialise-lake.ts';
import { assertWritable, openStore } from '../../app/open-lake.ts';
import type { DatasetInput } from '../../dataset/contract.ts';
import { makePack } from '../../dataset/dataset.ts';
import { parseDatasetRequest, withRange } from '../../dataset/dataset-request.ts';
import { describeDataset } from '../../dataset/describe-dataset.ts';
import { identify } from '../../dataset/identify.ts';
import { BadInput } from '../../domain/errors.ts';
import { parseTime } from '../../domain/time-range.ts';
import { recordDataset } from '../../lake/versions/dataset-record.ts';
import { encodeArrowTable } from '../../parquet/encode-arrow-table.ts';
import { keepOptions } from '../keep-options.ts';
import { type LakeOptions, printResult, type Terminal } from '../terminal.ts';
import { fillInSeries } from './fill-in-series.ts';
import { formatDataset } from './format-dataset.ts';

interface DatasetOptions extends DatasetInput, LakeOptions {
  /** A text file with the names of the features. */
  readonly columnsFile?: string;
  readonly out?: string;
  readonly idOnly?: boolean;
  /** Instant, ISO 8601. */
  readonly asOf?: string;
}

/** Replaces a range that only the lake can fill in, while the other words are checked. */
const ANY_RANGE = { from: '2000-01-01', to: '2100-01-01' };

/** Folder of the files that the folder store is writing. */
const WRITING = '.writing';

/**
 * `lake dataset`: makes a training pack from the features and labels of the lake, or prints the id that it would have.
 */
export async function datasetCommand(options: DatasetOptions, terminal: Terminal): Promise<number> {
  const input = { ...options, ...columnsOf(options) };
  // Wrong words are refused before the lake is opened.
  parseDatasetRequest({ ...ANY_RANGE, ...input });
  const environment = readEnvironment(terminal.variables);
  const place = options.lake ?? environment.lake;
  const out = outOf(options, place);
  const asOfMs = options.asOf === undefined ? undefined : parseTime(options.asOf, 'as-of');
  const nowMs = systemClock(environment.nowMs).nowMs();
  const lake = await openStore(place);
  const past =
    asOfMs === undefined ? undefined : await materialiseLake(lake, { asOfMs, nowMs, tables: READ, runs: false });
  try {
    const store = past ? await openStore(past.folder) : lake;
    const filled = await fillInSeries(input, store, terminal);
    const request = parseDatasetRequest(await withRange(filled, store));
    const { dataset: codeHash, candles: refinedBy } = codeHashes();
    const identity = await identify(request, { store, codeHash });
    const record = await describeDataset(identity, {
      store,
      codeHash,
      shardCodeHash: refinedBy,
      commit: sourceCommit(),
    });
    if (out === undefined) {
      await recordDataset(lake, record);
      printResult(terminal, options, record, () => `dataset ${record.id}\n`);
    } else {
      const pack = await openStore(out);
      const manifest = await makePack(identity, { store, out: pack, codeHash, encodeTable: encodeArrowTable });
      await recordDataset(lake, { ...record, files: manifest.files });
      if (!out.includes('://')) rmSync(join(resolve(out), WRITING), { recursive: true, force: true });
      printResult(terminal, options, manifest, () => formatDataset(manifest, out));
    }
    if (record.shards.some((shard) => shard.codeHash !== refinedBy)) {
      const hint = 'run `npx lake run` to have them verifiable';
      terminal.err.write(`lake: shards were made by other code than this: ${keepOptions(hint, { ...options })}\n`);
    }
    return 0;
  } finally {
    await past?.remove();
  }
}

/** The tables that a pack is made of. */
const READ = ['candles', 'features', 'labels'] as const;

/** Reads names from a file. They are separated by spaces, commas or lines; a `#` begins a remark. */
function columnsOf({ columns, columnsFile }: DatasetOptions): Pick<DatasetInput, 'columns'> {
  if (columnsFile === undefined) return {};
  if (columns) throw new BadInput(`columns must be given by --columns or by --columns-file, got both`);
  try {
    const text = readFileSync(columnsFile, 'utf8').replaceAll(/#.*/g, ' ');
    return { columns: text.split(/[\s,]+/) };
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new BadInput(`columns-file must be a text file, got '${columnsFile}' (${code})`, { cause });
  }
}

/** Checks and returns the place of the pack, or undefined if only the id is wanted. */
function outOf({ out, idOnly }: DatasetOptions, lake: string): string | undefined {
  if (idOnly && out !== undefined) throw new BadInput(`out must be left out with --id-only, got '${out}'`);
  if (idOnly) return undefined;
  if (out === undefined) throw new BadInput('out must be a folder or s3://bucket, got none; --id-only makes no pack');
  if (isInside(out, lake)) throw new BadInput(`out must be outside of the lake at ${lake}, got '${out}'`);
  if (!out.includes('://')) assertUsable(out, resolve(out));
  return out;
}

/** Returns true if the pack would be in the lake. It would then be read as a part of the lake. */
function isInside(out: string, lake: string): boolean {
  if (out.includes('://') || lake.includes('://')) return out.replace(/\/$/, '') === lake.replace(/\/$/, '');
  return !relative(resolve(lake), resolve(out)).match(/^\.\.($|[/\\])/);
}

/** Refuses a folder with other files, such as a home folder that was given by mistake. */
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
