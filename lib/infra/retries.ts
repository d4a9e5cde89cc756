import { Duration } from 'aws-cdk-lib';
import { JitterType, type RetryProps } from 'aws-cdk-lib/aws-stepfunctions';

/** Temporary faults of Lambda itself. */
const LAMBDA_FAULTS: RetryProps = {
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
 * is wrong, so the child waits until others end. With full jitter, a pause is half of its limit on average, so 300
 * tries last 25 hours. A run may take 24. So throttling slows a run down and fails no item. The pauses are long,
 * because each try is a paid state transition. `test/infra/throttled-account.test.ts` simulates it.
 */
const LAMBDA_THROTTLED: RetryProps = {
  errors: ['Lambda.TooManyRequestsException', 'Lambda.EC2ThrottledException'],
  interval: Duration.seconds(2),
  backoffRate: 2,
  maxAttempts: 300,
  maxDelay: Duration.minutes(10),
  jitterStrategy: JitterType.FULL,
};

/**
 * The invocation was cut off by its time limit, or its sandbox ended. The next one continues, because finished parts
 * are in the lake.
 */
export const CUT_OFF: RetryProps = {
  errors: ['Sandbox.Timedout', 'Runtime.ExitError', 'Lambda.Unknown'],
  interval: Duration.seconds(1),
  maxAttempts: 2,
};

/** The exchange is overloaded or limits us. The stage has already waited as long as the exchange requires. */
export const EXCHANGE_BUSY: RetryProps = {
  errors: ['ExchangeBusy'],
  interval: Duration.seconds(5),
  backoffRate: 2,
  maxAttempts: 5,
  maxDelay: Duration.seconds(60),
  jitterStrategy: JitterType.FULL,
};

/** Damaged bytes are read once more: from the exchange by fetch, from the lake by refine. */
export const CORRUPT_OBJECT: RetryProps = {
  errors: ['CorruptObject'],
  interval: Duration.seconds(2),
  maxAttempts: 1,
};

/** S3's own faults, for objects that the state machine writes itself. */
export const S3_FAULTS: RetryProps = {
  errors: ['S3.S3Exception', 'S3.SdkClientException'],
  interval: Duration.seconds(1),
  backoffRate: 2,
  maxAttempts: 5,
  maxDelay: Duration.seconds(30),
  jitterStrategy: JitterType.FULL,
};

/** The retries of every task that invokes a function. */
export const LAMBDA_RETRIES: readonly RetryProps[] = [CUT_OFF, LAMBDA_THROTTLED, LAMBDA_FAULTS];
