import { libraryDefinition } from '../../lib/workflow/library-definition.ts';
import { runWorkflow } from '../../lib/workflow/run-workflow.ts';
import { temporaryLake } from '../support/store.ts';
import { named } from './toy-run.ts';

const task = {
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Parameters: { FunctionName: 'work' },
  End: true,
};

describe('libraryDefinition', () => {
  test('multiplies the pauses before retries, the default of one second too', () => {
    const Retry = [{ ErrorEquals: ['A'], IntervalSeconds: 5, MaxDelaySeconds: 60 }, { ErrorEquals: ['B'] }];
    const { States } = libraryDefinition({ StartAt: 'Work', States: { Work: { ...task, Retry } } }, 0.5);
    expect(States['Work']!['Retry']).toEqual([
      { ErrorEquals: ['A'], IntervalSeconds: 2.5, MaxDelaySeconds: 30 },
      { ErrorEquals: ['B'], IntervalSeconds: 0.5 },
    ]);
  });

  test('a task without a time limit lasts as long as a timer can, not the minute that the library gives it', () => {
    const { States } = libraryDefinition({ StartAt: 'Work', States: { Work: task } }, 1);
    expect(States['Work']!['TimeoutSeconds']).toBe(2_147_483);
  });

  test('a time limit that is there is kept, and ends the task with States.Timeout', async () => {
    const lake = temporaryLake();
    const definition = { StartAt: 'Work', States: { Work: { ...task, TimeoutSeconds: 0.05 } } };
    let end = () => {};
    const work = () => new Promise<void>((resolve) => (end = resolve));
    const outcome = await runWorkflow({ definition, input: {}, runId: 'r1', store: lake.store, tasks: { work } });
    end();
    expect(outcome).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  });

  test('retriers count for themselves, and the first that matches is taken', async () => {
    const lake = temporaryLake();
    const Retry = [
      { ErrorEquals: ['A'], MaxAttempts: 1 },
      { ErrorEquals: ['States.ALL'], MaxAttempts: 2 },
    ];
    const errors = ['A', 'B', 'B', 'A'];
    const work = async () => Promise.reject(named(errors.shift()!));
    const definition = { StartAt: 'Work', States: { Work: { ...task, Retry } } };
    const options = { definition, input: {}, runId: 'r1', store: lake.store, tasks: { work }, waitScale: 0 };
    expect(await runWorkflow(options)).toMatchObject({ status: 'FAILED', error: 'A' });
    expect(errors).toEqual([]);
  });
});
