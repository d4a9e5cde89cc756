import { systemClock } from '../adapters/clock.ts';
import { readEnvironment } from '../adapters/environment.ts';
import { BadInput } from '../domain/errors.ts';
import { parseTime } from '../domain/time-range.ts';
import type { QueryEngine } from '../ports.ts';
import { assertReads } from '../query/assert-reads.ts';
import { QUERY_FORMATS, type QueryFormat } from '../query/contract.ts';
import { formatResult } from '../query/format.ts';
import { query } from '../query/query.ts';
import { type MaterialisedLake, materialiseLake, namedIn } from './materialise-lake.ts';
import { openQueryEngine, openStore } from './open-lake.ts';
import { scanText } from './scan-text.ts';
import { simulatedNote } from './simulated-note.ts';
import { type Terminal, widthOf } from './terminal.ts';

export interface QueryOptions {
  readonly format: string;
  readonly lake?: string;
  readonly json?: boolean;
  /** Minutes. */
  readonly reuse?: number;
  /** Instant, ISO 8601. */
  readonly asOf?: string;
}

/** `lake query`: asks SQL of the lake's tables and views and prints the answer; what it cost goes to the error output. */
export async function queryCommand(sql: string, options: QueryOptions, terminal: Terminal): Promise<number> {
  const wanted = options.json ? 'json' : options.format;
  const format = QUERY_FORMATS.find((f) => f === wanted);
  if (!format) throw new BadInput(`format must be one of ${QUERY_FORMATS.join(', ')}, got '${options.format}'`);
  const environment = readEnvironment(terminal.variables);
  const lake = options.lake ?? environment.lake;
  assertReads(sql);
  terminal.err.write(await simulatedNote(lake, undefined, sql));
  const past = options.asOf === undefined ? undefined : await lakeOf(lake, sql, options.asOf, environment.nowMs);
  try {
    const engine = await openQueryEngine(past?.folder ?? lake, environment.lakeName, options.reuse);
    return await ask(sql, engine, format, terminal);
  } finally {
    await past?.remove();
  }
}

/** The lake as it stood at an instant, as much of it as the SQL asks for. */
async function lakeOf(lake: string, sql: string, asOf: string, fixedNowMs?: number): Promise<MaterialisedLake> {
  const asOfMs = parseTime(asOf, 'as-of');
  const nowMs = systemClock(fixedNowMs).nowMs();
  return materialiseLake(await openStore(lake), { asOfMs, nowMs, ...namedIn(sql) });
}

async function ask(sql: string, engine: QueryEngine, format: QueryFormat, terminal: Terminal): Promise<number> {
  try {
    const result = await query({ sql }, engine);
    terminal.out.write(formatResult(result, format, { width: widthOf(terminal.out) }));
    terminal.err.write(scanText(result));
    return 0;
  } finally {
    await engine.close();
  }
}
