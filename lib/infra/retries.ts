import { Duration } from 'aws-cdk-lib';
import { JitterType, type RetryProps } from 'aws-cdk-lib/aws-stepfunctions';

/** Faults of Lambda itself, which pass. */
export const LAMBDA_FAULTS: RetryProps = {
  errors: [
    'Lambda.ServiceException',
    'Lambda.AWSLambdaException',
    'Lambda.SdkClientException',
    'Lambda.ClientExecutionTimeoutException',
  ],
  interval: Duration.seconds(2),
  backoffRate: 2,
  maxAttempts: 6,
  maxDelay: Duration.seconds(60),
  jitterStrategy: JitterType.FULL,
};

/**
 * Lambda refuses an invocation because the account already runs as many as it may: 10 at once in a new account. Nothing
 * is wrong, so the child waits until others end. With full jitter a pause is half of its limit on average: 300 tries
 * last 25 hours, longer than a run may. So throttling slows a run down and fails no item. Each try is a state
 * transition that is paid for, hence the long pauses. `test/infra/throttled-account.test.ts` simulates it.
 */
export const LAMBDA_THROTTLED: RetryProps = {
  errors: ['Lambda.TooManyRequestsException', 'Lambda.EC2ThrottledException'],
  interval: Duration.seconds(2),
  backoffRate: 2,
  maxAttempts: 300,
  maxDelay: Duration.minutes(10),
  jitterStrategy: JitterType.FULL,
};

/** The invocation was cut off, by its time limit or with its sandbox. What it had finished is in the lake, so it goes on. */
export const CUT_OFF: RetryProps = {
  errors: ['Sandbox.Timedout', 'Runtime.ExitError', 'Lambda.Unknown'],
  interval: Duration.seconds(1),
  maxAttempts: 2,
};

/** The exchange is overloaded or limits us. The stage has waited as long as the exchange asked; this is for the rest. */
export const EXCHANGE_BUSY: RetryProps = {
  errors: ['ExchangeBusy'],
  interval: Duration.seconds(5),
  backoffRate: 2,
  maxAttempts: 5,
  maxDelay: Duration.seconds(60),
  jitterStrategy: JitterType.FULL,
};

/** Bytes that were not those expected are read once more: from the exchange by fetch, from the lake by refine. */
export const CORRUPT_OBJECT: RetryProps = {
  errors: ['CorruptObject'],
  interval: Duration.seconds(2),
  maxAttempts: 1,
};

/** S3's own faults, where the state machine writes an object itself. */
export const S3_FAULTS: RetryProps = {
  errors: ['S3.S3Exception', 'S3.SdkClientException'],
  interval: Duration.seconds(1),
  backoffRate: 2,
  maxAttempts: 5,
  maxDelay: Duration.seconds(30),
  jitterStrategy: JitterType.FULL,
};

/** Every task that invokes a function retries these, whatever the function does. */
export const LAMBDA_RETRIES: readonly RetryProps[] = [CUT_OFF, LAMBDA_THROTTLED, LAMBDA_FAULTS];
