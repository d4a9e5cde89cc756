import { readEnvironment } from '../../lib/adapters/environment.ts';
import { chooseExchange } from '../../lib/app/choose-exchange.ts';
import { workflowDefinition } from '../../lib/app/workflow-definition.ts';
import { ACCESS, type LambdaStage, REPLACED_LANDING } from '../../lib/infra/access.ts';
import type { ObjectStore } from '../../lib/ports.ts';
import { runWorkflow } from '../../lib/workflow/run-workflow.ts';
import { stagesOf } from '../support/stages.ts';
import { temporaryLake } from '../support/store.ts';
import { mayPut } from './may-put.ts';

let landed: string[] = [];

test('real runs touch no more of the lake than the roles allow', async () => {
  const lake = temporaryLake();
  const exchange = await chooseExchange(readEnvironment({ CANDLELAKE_NOW: '2024-03-02T10:00:00Z' }), {
    source: 'simulated',
  });
  const denied: string[] = [];
  const touched = new Set<string>();

  /** The lake as a stage's role lets it be seen. */
  function storeOf(stage: LambdaStage): ObjectStore {
    const note = (action: 'list' | 'read' | 'write', key: string) => {
      const { list, read } = ACCESS[stage];
      const prefixes = action === 'list' ? list : read;
      const allowed = action === 'write' ? mayPut(stage, key) : prefixes.some((prefix) => key.startsWith(prefix));
      if (!allowed) denied.push(`${stage} ${action} ${key}`);
      touched.add(`${stage} ${action} ${key.split('/')[0]}/`);
    };
    return {
      url: lake.store.url,
      async get(key) {
        note('read', key);
        return lake.store.get(key);
      },
      async put(key, bytes, condition) {
        note('write', key);
        // S3 compares the tag of an object only for a caller who may read the object.
        if (condition?.tag !== undefined) note('read', key);
        return lake.store.put(key, bytes, condition);
      },
      async list(prefix, after) {
        note('list', prefix);
        return lake.store.list(prefix, after);
      },
    };
  }

  const { http, clock, urls, clockFixed, market } = exchange;
  const run = (runId: string, to: string) =>
    runWorkflow({
      definition: workflowDefinition(),
      input: { market, symbols: ['BTCUSDT'], interval: '15m', from: '2023-12-20', to, streams: true },
      runId,
      store: lake.store,
      tasks: stagesOf({ store: storeOf, http, clock, urls, clockFixed, outOfTime: () => true }),
    });
  try {
    // The second run resumes from the checkpoint of the year before.
    expect((await run('r1', '2024-02-01')).status).toBe('SUCCEEDED');
    expect((await run('r2', '2024-03-01')).status).toBe('SUCCEEDED');
    landed = (await lake.store.list('landing/')).map(({ key }) => key);
  } finally {
    await exchange.close();
  }
  expect(denied).toEqual([]);
  expect([...touched]).toEqual(
    expect.arrayContaining([
      'refine read checkpoints/',
      'refine write candles/',
      'refine write instruments/',
      'refine write funding/',
      'refine write open_interest/',
      'refine write mark_candles/',
      'fetch write landing/',
      'plan write landing/',
      'plan read runs/',
      'plan read checks/',
      'plan write runs/',
    ]),
  );
});

test('of what real runs land, the roles let receipts, failures and grid ends be replaced, and no bytes', () => {
  const replaceable = (key: string) =>
    REPLACED_LANDING.some((end) => key.endsWith(end)) ||
    Object.values(ACCESS).some(({ write }) => write.some((prefix) => key.startsWith(prefix)));
  const bytes = landed.filter((key) => /\/[0-9a-f]{64}\.(zip|json)$/.test(key));
  expect(bytes.length).toBeGreaterThan(20);
  expect(bytes.filter(replaceable)).toEqual([]);
  // And everything else can be: nobody puts it with the condition that nothing is there.
  expect(landed.filter((key) => !bytes.includes(key) && !replaceable(key))).toEqual([]);
});
