/**
 * The closed list of errors. The state machine retries and catches *by name*, and bundlers rename classes, so each
 * class sets its name by hand. Messages: noun first, value given, value expected; lower case, no full stop.
 */
abstract class LakeError extends Error {
  abstract override readonly name: string;
}

/** The request of the user cannot be done. Never retried; exit code 2. */
export class BadInput extends LakeError {
  override readonly name = 'BadInput';
}

/** The exchange is overloaded or limits us (429, 418, 5xx, connection lost, timeout). Retried after a pause. */
export class ExchangeBusy extends LakeError {
  override readonly name = 'ExchangeBusy';
  /** Seconds to wait before the next request, if the exchange said so. */
  readonly retryAfterSec: number | undefined;
  constructor(message: string, options: ErrorOptions & { retryAfterSec?: number } = {}) {
    super(message, options);
    this.retryAfterSec = options.retryAfterSec;
  }
}

/** The exchange refused the request (451, 403 and every other 4xx). Only a 403 may pass: see `mayPass`. */
export class ExchangeRefused extends LakeError {
  override readonly name = 'ExchangeRefused';
  readonly status: number;
  constructor(message: string, options: ErrorOptions & { status: number }) {
    super(message, options);
    this.status = options.status;
  }
}

/** The archive does not have this file (yet). */
export class NotPublished extends LakeError {
  override readonly name = 'NotPublished';
}

/** Bytes differ from the published ones: wrong checksum, truncated or damaged zip. Fetched once more. */
export class CorruptObject extends LakeError {
  override readonly name = 'CorruptObject';
}

/** The exchange twice sent an answer of an unknown form. A person must look at it. */
export class UnexpectedFormat extends LakeError {
  override readonly name = 'UnexpectedFormat';
}

/** Another run has replaced an object of the lake since it was read. The caller reads again and decides again. */
export class ObjectChanged extends LakeError {
  override readonly name = 'ObjectChanged';
}

/** Returns true if the same request may succeed a moment later. HTTP 451 and other refusals are final. */
export function mayPass(error: unknown): error is Error {
  if (error instanceof ExchangeRefused) return error.status === FIREWALL_STATUS;
  return error instanceof ExchangeBusy || error instanceof UnexpectedFormat;
}

/** The exchange's firewall refuses single requests by this status. */
const FIREWALL_STATUS = 403;

/** Returns true for an error of the exchange: not for bad input, nor for a fault of the store or of this program. */
export function isExchangeFailure(error: unknown): error is Error {
  const kinds = [ExchangeBusy, ExchangeRefused, NotPublished, CorruptObject, UnexpectedFormat];
  return kinds.some((kind) => error instanceof kind);
}

/** The query engine could not run or finish the query. */
export class EngineFailed extends LakeError {
  override readonly name = 'EngineFailed';
}
