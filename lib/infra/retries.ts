import { Duration } from 'aws-cdk-lib';
import { JitterType, type RetryProps } from 'aws-cdk-lib/aws-stepfunctions';

/** Faults of Lambda itself, which pass. */
export const LAMBDA_FAULTS: RetryProps = {
  errors: [
    'Lambda.ServiceException',
    'Lambda.AWSLambdaException',
    'Lambda.SdkClientException',
    'Lambda.ClientExecutionTimeoutException',
    'Lambda.TooManyRequestsException',
  ],
  interval: Duration.seconds(2),
  backoffRate: 2,
  maxAttempts: 6,
  maxDelay: Duration.seconds(60),
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
