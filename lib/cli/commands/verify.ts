import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { readEnvironment } from '../../adapters/environment.ts';
import { codeHashes } from '../../adapters/local/code-hash.ts';
import { openStore } from '../../app/open-lake.ts';
import { type VerifyReport, verify } from '../../dataset/verify.ts';
import { BadInput } from '../../domain/errors.ts';
import { plural } from '../../domain/format-amount.ts';
import { encodeArrowTable } from '../../parquet/encode-arrow-table.ts';
import { keepOptions } from '../keep-options.ts';
import { type LakeOptions, printResult, type Terminal } from '../terminal.ts';

const MAX_LINES = 20;

/**
 * `lake verify`: rebuilds what a dataset id names and compares. Exit code 0: the same; 1: not.
 * @param given the id, the beginning of one, or the folder of a pack
 */
export async function verifyCommand(options: LakeOptions, terminal: Terminal, given: string): Promise<number> {
  const id = idOfPack(given) ?? given;
  const lake = await openStore(options.lake ?? readEnvironment(terminal.variables).lake);
  const folder = mkdtempSync(join(tmpdir(), 'candlelake-verify-'));
  try {
    const report = await verify(id, {
      lake,
      scratch: await openStore(folder),
      codeHash: codeHashes().candles,
      datasetCodeHash: codeHashes().dataset,
      encodeTable: encodeArrowTable,
    });
    printResult(terminal, options, report, () => verifyText(report, options));
    return report.verified ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Returns the id in the manifest of a pack's folder, or undefined if there is no manifest. */
function idOfPack(folder: string): string | undefined {
  const manifest = join(folder, 'manifest.json');
  if (!existsSync(manifest)) return undefined;
  try {
    return PACK_MANIFEST.parse(JSON.parse(readFileSync(manifest, 'utf8'))).id;
  } catch (cause) {
    throw new BadInput(`${manifest} must be the manifest of a training pack, with a dataset id`, { cause });
  }
}

const PACK_MANIFEST = z.object({ id: z.string() });

function whatToDo(of: 'dataset' | 'shards', commit: string | undefined): string {
  const code = commit ?? 'that code';
  if (of === 'shards') return `check out ${code}, or run \`npx lake run\` with this one and make the dataset again`;
  return `check out ${code} and verify again${commit === undefined ? '; its commit is not recorded' : ''}`;
}

function verifyText(
  { id, verified, otherCode, shards, files, compared, differences }: VerifyReport,
  options: LakeOptions,
): string {
  const lines = [`dataset ${id}`];
  if (otherCode) {
    const { of, recorded, running, commit } = otherCode;
    const madeBy = commit ? `${recorded.slice(0, 40)}, commit ${commit}` : recorded.slice(0, 40);
    lines.push(
      `  ${of === 'dataset' ? 'it was' : 'its shards were'} made by other code than this, so nothing was rebuilt`,
      `  code that made ${of === 'dataset' ? 'it  ' : 'them'}  ${madeBy}`,
      `  code running here    ${running.slice(0, 40)}`,
      `  ${keepOptions(whatToDo(of, commit), { ...options })}`,
    );
    return `${lines.join('\n')}\n`;
  }
  const what = [
    plural(shards, 'shard'),
    ...(files > 0 ? [plural(files, 'file of its pack', 'files of its pack')] : []),
  ];
  lines.push(`  ${what.join(' and ')} made again from what had landed`);
  if (verified) lines.push(`  the same: ${plural(compared, 'hash', 'hashes')} compared`);
  else lines.push(`  not the same: ${plural(differences.length, 'difference')}`);
  for (const { what, recorded, found } of differences.slice(0, MAX_LINES)) {
    lines.push(`  ${what}`, `    recorded ${recorded}`, `    found    ${found}`);
  }
  if (differences.length > MAX_LINES) lines.push(`  … ${differences.length - MAX_LINES} more`);
  return `${lines.join('\n')}\n`;
}
