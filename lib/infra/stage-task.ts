import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { RetryProps } from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke, type LambdaInvokeProps } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import { LAMBDA_RETRIES } from './retries.ts';

export interface StageTaskProps extends Pick<LambdaInvokeProps, 'payload' | 'resultSelector' | 'resultPath'> {
  readonly lambdaFunction: IFunction;
  /** Errors of the function itself that another try may cure. */
  readonly retries?: readonly RetryProps[];
}

/** The task that invokes a stage's function. The function's answer becomes the state, unless `resultPath` is given. */
export function stageTask(scope: Construct, id: string, { retries = [], ...props }: StageTaskProps): LambdaInvoke {
  const task = new LambdaInvoke(scope, id, {
    ...props,
    ...(props.resultPath === undefined && { outputPath: '$.Payload' }),
    // The construct's own retries are not ours: each retrier here has numbers of its own.
    retryOnServiceExceptions: false,
  });
  for (const retrier of [...retries, ...LAMBDA_RETRIES]) task.addRetry(retrier);
  return task;
}
