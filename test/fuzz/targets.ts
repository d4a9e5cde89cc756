import { checkpointTarget } from './targets/checkpoint.ts';
import { checksumTarget } from './targets/checksum.ts';
import { cliTarget } from './targets/cli.ts';
import { csvTarget } from './targets/csv.ts';
import { encoderTarget } from './targets/encoder.ts';
import { exchangeInfoTarget } from './targets/exchange-info.ts';
import { klineAnswerTarget } from './targets/kline-answer.ts';
import { lakeTarget } from './targets/lake.ts';
import { listingTarget } from './targets/listing.ts';
import { requestTarget } from './targets/request.ts';
import { restTarget } from './targets/rest.ts';
import { serverTimeTarget } from './targets/server-time.ts';
import { sqlTarget } from './targets/sql.ts';
import { zipTarget } from './targets/zip.ts';

/** One reader of what comes from outside. */
export interface FuzzTarget {
  readonly name: string;
  /** Sound inputs, to be damaged. */
  readonly samples: readonly Uint8Array[];
  /** The errors of lib/domain/errors.ts that it may throw. */
  readonly errors: readonly string[];
  /** Reads the bytes; throws one of the errors, or comes back. What comes back may be held to more. */
  read(bytes: Buffer): unknown;
}

/** Each made when it is asked for: some need a lake of their own. */
export const TARGETS: Readonly<Record<string, () => FuzzTarget | Promise<FuzzTarget>>> = {
  csv: csvTarget,
  rest: restTarget,
  kline_answer: klineAnswerTarget,
  zip: zipTarget,
  checksum: checksumTarget,
  listing: listingTarget,
  exchange_info: exchangeInfoTarget,
  server_time: serverTimeTarget,
  request: requestTarget,
  cli: cliTarget,
  sql: sqlTarget,
  checkpoint: checkpointTarget,
  encoder: encoderTarget,
  lake: lakeTarget,
};
