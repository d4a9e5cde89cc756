import { setTimeout as sleep } from 'node:timers/promises';
import type { Emulator } from './emulator.ts';

/** The end of an execution of the state machine. */
export interface Execution {
  readonly executionArn: string;
  readonly name: string;
  readonly status: string;
  readonly input: string;
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
}

const call = <T>(emulator: Emulator, action: string, body: unknown) =>
  emulator.call<T>('states', `AWSStepFunctions.${action}`, body);

/** Starts an execution as the console does, with a name and the input as typed, and waits for its end. */
export async function execute(
  emulator: Emulator,
  stateMachineArn: string,
  name: string,
  input: string,
): Promise<Execution> {
  const { executionArn } = await call<{ executionArn: string }>(emulator, 'StartExecution', {
    stateMachineArn,
    name,
    input,
  });
  for (;;) {
    const execution = await call<Execution>(emulator, 'DescribeExecution', { executionArn });
    if (execution.status !== 'RUNNING') return execution;
    await sleep(200);
  }
}

/** The whole history of an execution, as text. */
export async function historyOf(emulator: Emulator, executionArn: string): Promise<string> {
  const pages: unknown[] = [];
  let nextToken: string | undefined;
  do {
    const page = await call<{ events: unknown[]; nextToken?: string }>(emulator, 'GetExecutionHistory', {
      executionArn,
      includeExecutionData: true,
      ...(nextToken && { nextToken }),
    });
    pages.push(...page.events);
    nextToken = page.nextToken;
  } while (nextToken);
  return JSON.stringify(pages);
}
