import { systemClock } from '../../adapters/clock.ts';
import { readEnvironment } from '../../adapters/environment.ts';
import type { MaterialisedLake } from '../../app/materialise-lake.ts';
import { openQueryEngine, openStore } from '../../app/open-lake.ts';
import { BadInput } from '../../domain/errors.ts';
import { parseTime } from '../../domain/time-range.ts';
import type { QueryEngine } from '../../ports.ts';
import { EXPORT_FORMATS, QUERY_FORMATS, type QueryFormat } from '../../query/contract.ts';
import { formatResult } from '../../query/format.ts';
import { heldNames, unknownNames } from '../../query/unknown-literals.ts';
import { simulatedNote } from '../simulated-note.ts';
import { type LakeOptions, type Terminal, widthOf } from '../terminal.ts';
import { parseExport } from './export-file.ts';
import { formatScan } from './format-scan.ts';

interface QueryOptions extends LakeOptions {
  readonly format?: string;
  /** File that the result is written to. */
  readonly out?: string;
  /** Replaces the file if it exists. */
  readonly force?: boolean;
  /** Minutes. */
  readonly reuse?: number;
  /** Instant, ISO 8601. */
  readonly asOf?: string;
}

/** `lake query`: runs SQL over the lake's tables and views and prints the answer. Its cost goes to the error output. */
export async function queryCommand(options: QueryOptions, terminal: Terminal, sql: string): Promise<number> {
  const format = formatOf(options);
  const environment = readEnvironment(terminal.variables);
  const lake = options.lake ?? environment.lake;
  const file = options.out === undefined ? undefined : parseExport(options.out, lake, options.force === true);
  terminal.err.write(await simulatedNote(lake, undefined, sql));
  const past = options.asOf === undefined ? undefined : await lakeOf(lake, sql, options.asOf, environment.nowMs);
  try {
    const engine = await openQueryEngine(past?.folder ?? lake, environment.lakeName, options.reuse);
    try {
      const isEmpty = file
        ? await (await import('./export-result.ts')).exportResult(sql, engine, file, options.json === true, terminal)
        : await print(sql, engine, format, terminal);
      if (isEmpty) await sayUnknownNames(sql, past?.folder ?? lake, terminal);
    } finally {
      await engine.close();
    }
    return 0;
  } finally {
    await past?.remove();
  }
}

/**
 * Returns the lake of an earlier time, with the tables that the SQL reads. Its code is loaded here, because other
 * queries do not need it.
 */
async function lakeOf(lake: string, sql: string, asOf: string, fixedNowMs?: number): Promise<MaterialisedLake> {
  const { materialiseLake, namedIn } = await import('../../app/materialise-lake.ts');
  const asOfMs = parseTime(asOf, 'as-of');
  const nowMs = systemClock(fixedNowMs).nowMs();
  return materialiseLake(await openStore(lake), { asOfMs, nowMs, ...namedIn(sql) });
}

/** Prints the answer. Returns true if it has no rows, or one row of nulls and zeros, such as the count of no rows. */
async function print(sql: string, engine: QueryEngine, format: QueryFormat, terminal: Terminal): Promise<boolean> {
  const result = await engine.query(sql);
  terminal.out.write(formatResult(result, format, { width: widthOf(terminal.out) }));
  terminal.err.write(formatScan(result));
  const { rows } = result;
  return rows.length === 0 || (rows.length === 1 && rows[0]!.every((value) => value === null || value === 0));
}

/** Prints names in the SQL that the lake does not hold, because they may be why there are no rows. */
async function sayUnknownNames(sql: string, lake: string, terminal: Terminal): Promise<void> {
  const manifests = await (await openStore(lake)).list('manifests/');
  for (const line of unknownNames(sql, heldNames(manifests.map(({ key }) => key)))) {
    terminal.err.write(`no rows: ${line}\n`);
  }
}

/** Returns the format of the printed answer. The name of a file decides the format of the file. */
function formatOf({ format, json, out }: QueryOptions): QueryFormat {
  const wanted = json ? 'json' : (format ?? 'table');
  if (out !== undefined && format !== undefined) {
    throw new BadInput(`format must be left out with --out, whose ending decides it, got '${format}'`);
  }
  const known = QUERY_FORMATS.find((one) => one === wanted);
  if (known) return known;
  if (EXPORT_FORMATS.some((one) => one === wanted)) {
    throw new BadInput(`format '${wanted}' is written to a file: use --out result.${wanted}`);
  }
  throw new BadInput(`format must be one of ${QUERY_FORMATS.join(', ')}, got '${wanted}'`);
}
