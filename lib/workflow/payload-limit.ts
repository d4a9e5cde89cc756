import { statesError } from './definition.ts';

/** The largest input or output of a state that Step Functions accepts, in bytes of UTF-8. */
const LIMIT_BYTES = 262_144;

/**
 * Returns the value after a trip through JSON, as the other side receives it.
 * @throws States.DataLimitExceeded if it is larger than Step Functions accepts
 */
export function throughJson(value: unknown, what: string): unknown {
  const text = JSON.stringify(value ?? null);
  const sizeBytes = Buffer.byteLength(text);
  if (sizeBytes > LIMIT_BYTES) {
    const error = statesError(
      'States.DataLimitExceeded',
      `${what} has ${sizeBytes} bytes, at most ${LIMIT_BYTES} pass`,
    );
    // Neither States.ALL nor a retrier matches this error; the library reads these two properties.
    throw Object.assign(error, { isRetryable: false, isCatchable: false });
  }
  return JSON.parse(text);
}
