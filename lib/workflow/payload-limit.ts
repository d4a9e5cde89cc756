import { statesError } from './states-error.ts';

/** Step Functions takes no larger input or output of a state, in bytes of UTF-8. */
const LIMIT_BYTES = 262_144;

/**
 * The value as it arrives on the other side: through JSON, and within the limit that Step Functions sets.
 * @throws States.DataLimitExceeded, as the service would
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
