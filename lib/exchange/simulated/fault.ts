import { BadInput } from '../../domain/errors.ts';

/** A request as faults see it: path and query, percent-decoded, such as `/fapi/v1/klines?symbol=BTCUSDT`. */
export interface FaultRequest {
  readonly method: string;
  readonly path: string;
}

/** A fault of an answer on its way. */
export type TransportFault =
  /**
   * A refusal with the body the real exchange sends with it, and a Retry-After header where `retryAfterSec` is given.
   */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly retryAfterSec?: number;
      /** For 418: until when the ban lasts; two minutes from now where left out. */
      readonly bannedUntilMs?: number;
    }
  /** The connection is cut before the answer. */
  | { readonly kind: 'reset' }
  /** No answer ever. */
  | { readonly kind: 'stall' }
  /** The right answer, in drips over this time. */
  | { readonly kind: 'slow'; readonly durationMs?: number }
  /** Half of the body, then the connection is cut: less than content-length says. */
  | { readonly kind: 'truncated_body' };

/** A damage of an archive file. */
export type ArchiveFault =
  /** Half of the zip, sent as if it were all. */
  | { readonly kind: 'truncated_zip'; readonly checksumAgrees?: boolean }
  /** Some bytes in the middle are changed. With `checksumAgrees` the checksum is that of the damaged bytes. */
  | { readonly kind: 'corrupt_zip'; readonly checksumAgrees?: boolean }
  | { readonly kind: 'wrong_checksum' }
  /** 404 for the checksum although the zip is there. */
  | { readonly kind: 'missing_checksum' }
  /** 404 for zip and checksum although both are listed. */
  | { readonly kind: 'missing_file' };

/** A fault of the rows, in zips (whose checksums agree) and in REST answers. */
export type RowFault =
  /** The rows of one UTC day are missing: `2024-02-03`, or the day in the middle. */
  | { readonly kind: 'missing_day'; readonly day?: string }
  /** Rows in the middle come twice. */
  | { readonly kind: 'duplicated_rows'; readonly count?: number }
  /** A stretch in the middle runs backwards. */
  | { readonly kind: 'out_of_order_rows'; readonly count?: number }
  /** After the last row comes the next candle, unfinished. */
  | { readonly kind: 'open_last_candle' }
  /** A thirteenth column. */
  | { readonly kind: 'extra_columns' }
  /** Rows in the middle have other values than elsewhere. */
  | { readonly kind: 'restated_rows'; readonly count?: number };

/** `serverTime` is off by this much. */
export type ClockFault = { readonly kind: 'clock_skew'; readonly skewMs: number };

export type FaultKind = TransportFault | ArchiveFault | RowFault | ClockFault;

export type Fault = FaultKind & {
  /** Selects the requests whose path contains the text or matches. Default: all. */
  readonly match?: string | RegExp | ((request: FaultRequest) => boolean);
  /** The number of times. Default: always. Row faults count archive files, which then stay damaged. */
  readonly times?: number;
  /** The number of matching requests that succeed first. */
  readonly skip?: number;
};

/** A fault as JSON: `match` is a text, or `{"regexp": "…"}`. */
type FaultJson = FaultKind & {
  readonly match?: string | { readonly regexp: string };
  readonly times?: number;
  readonly skip?: number;
};

export const TRANSPORT_KINDS = ['status', 'reset', 'stall', 'slow', 'truncated_body'] as const;
export const ARCHIVE_KINDS = [
  'truncated_zip',
  'corrupt_zip',
  'wrong_checksum',
  'missing_checksum',
  'missing_file',
] as const;
export const ROW_KINDS = [
  'missing_day',
  'duplicated_rows',
  'out_of_order_rows',
  'open_last_candle',
  'extra_columns',
  'restated_rows',
] as const;
const KINDS: readonly string[] = [...TRANSPORT_KINDS, ...ARCHIVE_KINDS, ...ROW_KINDS, 'clock_skew'];

/** Reads a fault from JSON text. @throws BadInput naming what is allowed. */
export function parseFault(text: string): Fault {
  let json: FaultJson;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new BadInput(`fault must be JSON such as {"kind":"status","status":429,"times":2}, got '${text}'`, { cause });
  }
  if (!KINDS.includes(json?.kind)) {
    throw new BadInput(`fault kind must be one of ${KINDS.join(' ')}, got '${json?.kind}'`);
  }
  const { match, ...rest } = json;
  if (match === undefined) return rest;
  return { ...rest, match: typeof match === 'string' ? match : new RegExp(match.regexp) };
}
