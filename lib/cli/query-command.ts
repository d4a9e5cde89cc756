import { readEnvironment } from '../adapters/environment.ts';
import { BadInput } from '../domain/errors.ts';
import { QUERY_FORMATS } from '../query/contract.ts';
import { formatResult } from '../query/format.ts';
import { query } from '../query/query.ts';
import { openQueryEngine } from './open-lake.ts';
import { scanText } from './scan-text.ts';
import { type Terminal, widthOf } from './terminal.ts';

export interface QueryOptions {
  readonly format: string;
  readonly lake?: string;
  readonly json?: boolean;
  /** Minutes. */
  readonly reuse?: number;
}

/** `lake query`: asks SQL of the lake's tables and views and prints the answer; what it cost goes to the error output. */
export async function queryCommand(sql: string, options: QueryOptions, terminal: Terminal): Promise<number> {
  const wanted = options.json ? 'json' : options.format;
  const format = QUERY_FORMATS.find((f) => f === wanted);
  if (!format) throw new BadInput(`format must be one of ${QUERY_FORMATS.join(', ')}, got '${options.format}'`);
  const environment = readEnvironment(terminal.variables);
  const engine = await openQueryEngine(options.lake ?? environment.lake, environment.lakeName, options.reuse);
  try {
    const result = await query({ sql }, engine);
    terminal.out.write(formatResult(result, format, { width: widthOf(terminal.out) }));
    terminal.err.write(scanText(result));
    return 0;
  } finally {
    await engine.close();
  }
}
