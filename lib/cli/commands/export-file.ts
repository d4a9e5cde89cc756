import { existsSync, statSync } from 'node:fs';
import { dirname, extname, relative, resolve } from 'node:path';
import { BadInput } from '../../domain/errors.ts';
import { EXPORT_FORMATS, type ExportFormat } from '../../query/contract.ts';
import { exists } from '../write-whole-file.ts';

/** The file that `--out` names. */
export interface ExportFile {
  readonly path: string;
  readonly format: ExportFormat;
  /** True if a file of this name is replaced. */
  readonly force: boolean;
}

/** Checks the file of a result before any SQL runs. @throws BadInput */
export function parseExport(path: string, lake: string, force: boolean): ExportFile {
  const ending = extname(path).slice(1).toLowerCase();
  const format = EXPORT_FORMATS.find((one) => one === ending);
  if (!format || path.includes('://')) {
    throw new BadInput(`out must be a file that ends in .${EXPORT_FORMATS.join(' .')}, got '${path}'`);
  }
  const folder = dirname(resolve(path));
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new BadInput(`out must be in a folder that exists, got '${path}'`);
  }
  if (!lake.includes('://') && !/^\.\.($|[/\\])/.test(relative(resolve(lake), resolve(path)))) {
    throw new BadInput(`out must be outside of the lake at ${lake}, got '${path}'`);
  }
  if (existsSync(path) && !(force && statSync(path).isFile())) throw exists(path);
  return { path, format, force };
}
