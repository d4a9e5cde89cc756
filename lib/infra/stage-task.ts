import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { RetryProps } from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke, type LambdaInvokeProps } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import { LAMBDA_RETRIES } from './retries.ts';

interface StageTaskProps extends Pick<LambdaInvokeProps, 'payload' | 'resultSelector' | 'resultPath'> {
  readonly lambdaFunction: IFunction;
  /** Retries of errors of the function itself. */
  readonly retries?: readonly RetryProps[];
}

/** Makes the task that invokes a stage's function. Its answer becomes the state, unless `resultPath` is given. */
export function stageTask(scope: Construct, id: string, { retries = [], ...props }: StageTaskProps): LambdaInvoke {
  const task = new LambdaInvoke(scope, id, {
    ...props,
    ...(props.resultPath === undefined && { outputPath: '$.Payload' }),
    // The retriers here have their own numbers, so the construct must add none.
    retryOnServiceExceptions: false,
  });
  for (const retrier of [...retries, ...LAMBDA_RETRIES]) task.addRetry(retrier);
  return task;
}
