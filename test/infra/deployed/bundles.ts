import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { TABLES } from '../../../lib/domain/tables.ts';
import { startExchange } from '../../../lib/exchange/simulated/exchange.ts';
import { LAMBDA_STAGES, type LambdaStage } from '../../../lib/infra/access.ts';
import { tableKey } from '../../../lib/lake/keys.ts';
import type { PlanResult } from '../../../lib/lake/plan/contract.ts';
import { refine } from '../../../lib/lake/refine/refine.ts';
import { createFunctionRunner } from '../../aws/function-runner.ts';
import { temporaryLake } from '../../support/store.ts';
import type { DeployedApp } from '../deployed-app.ts';
import { startStandInAws } from '../stand-in-aws.ts';
import { idOf } from './template.ts';

/** The code of the functions, built, each by itself. */
export function describeBundles(deployed: () => DeployedApp): void {
  let app: DeployedApp;
  beforeAll(() => {
    app = deployed();
  });

  describe('bundles', () => {
    const variables = {
      PATH: process.env['PATH'],
      AWS_REGION: 'us-east-1',
      CANDLELAKE_LAKE: 's3://lake',
      CANDLELAKE_WATCH_LIST: '{"market":"um","symbols":["BTCUSDT"],"interval":"15m","period":"1y"}',
      CANDLELAKE_CODE_HASH: '0'.repeat(64),
      CANDLELAKE_STREAM_CODE_HASH: '1'.repeat(64),
      CANDLELAKE_DATABASE: 'candlelake',
      CANDLELAKE_API_KEY_PARAMETER: '/a',
      CANDLELAKE_SECRET_KEY_PARAMETER: '/b',
      CANDLELAKE_BUDGET_USD: '25',
      CANDLELAKE_REPLACED_TABLE_DAYS: '2',
      POWERTOOLS_SERVICE_NAME: 'candlelake',
      POWERTOOLS_METRICS_NAMESPACE: 'Candlelake',
    };

    // Each in a process of its own, in its own folder: nothing of node_modules is in reach.
    test.each([...LAMBDA_STAGES])('%s loads by itself and refuses a bad event by name', (stage) => {
      const program =
        `require('./index.js').handler({ runId: 7 }, {})` + `.catch((e) => console.log(e.name + ': ' + e.message))`;
      const options = {
        cwd: app.bundle(idOf(app, stage, 'Function')),
        encoding: 'utf8',
        env: variables,
        stdio: 'pipe',
      } as const;
      expect(execFileSync('node', ['-e', program], options)).toMatch(/^BadInput: event runId: /m);
    });

    /** The functions, in front of a simulated exchange and a stand-in for AWS. */
    async function startFunctions() {
      const exchange = await startExchange({ nowMs: Date.parse('2024-05-02T10:00:05Z') });
      const aws = await startStandInAws();
      const functions = createFunctionRunner({
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
        AWS_ENDPOINT_URL: aws.url,
      });
      const environment = {
        ...(variables as Record<string, string>),
        CANDLELAKE_REST_URL: exchange.url,
        CANDLELAKE_ARCHIVE_URL: exchange.url,
      };
      return {
        aws,
        functions,
        async invoke(stage: LambdaStage, event: unknown) {
          const folder = app.bundle(idOf(app, stage, 'Function'));
          const answer = await functions.invoke({ name: stage, folder, timeoutSec: 60, environment }, event);
          if (answer.failed) throw new Error(`${stage}: ${answer.payload}`);
          return JSON.parse(answer.payload);
        },
        itemsAt: (key: string) => JSON.parse(Buffer.from(aws.objects.get(`lake/${key}`)!).toString()) as object[],
        async close() {
          functions.close();
          aws.close();
          await exchange.close();
        },
      };
    }

    test('fetch without the key of the exchange where SSM throttles: nothing that they fetch needs it', async () => {
      const { aws, functions, invoke, itemsAt, close } = await startFunctions();
      try {
        const request = { symbols: ['BTCUSDT'], interval: '1h', from: '2024-05-01' };
        const planned: PlanResult = await invoke('plan', { runId: 'r1', request });
        aws.ssmError = 'ThrottlingException';
        const [item] = itemsAt(planned.restKey);
        expect(await invoke('fetch', item)).toMatchObject({ landed: 1 });
        expect(functions.log()).toMatch(/"WARN".*the API key cannot be read.*ThrottlingException: Rate exceeded/);
      } finally {
        await close();
      }
    });

    test('make a lake together, and its Parquet is what the sources make', async () => {
      const { aws, invoke, itemsAt, close } = await startFunctions();
      try {
        const request = { symbols: ['BTCUSDT'], interval: '1h', from: '2024-04-20' };
        const planned: PlanResult = await invoke('plan', { runId: 'r1', request });
        for (const key of [planned.archiveKey, planned.restKey]) {
          expect(itemsAt(key).length).toBeGreaterThan(0);
          for (const item of itemsAt(key)) await invoke('fetch', item);
        }
        for (const item of itemsAt(planned.seriesKey))
          expect(await invoke('refine', item)).toMatchObject({ done: true });
        expect(await invoke('catalogue', { runId: 'r1' })).toMatchObject({ complete: true });
        expect(aws.partitions.sort()).toEqual(TABLES.map((table) => `${table}/um/BTCUSDT/1h/2024`).sort());

        const lake = temporaryLake();
        for (const [name, bytes] of aws.objects) {
          if (name.startsWith('lake/landing/')) await lake.store.put(name.slice('lake/'.length), bytes);
        }
        const series = { market: 'um', symbol: 'BTCUSDT', interval: '1h' } as const;
        const codeHash = variables.CANDLELAKE_CODE_HASH;
        await refine(
          { runId: 'r1', series },
          { store: lake.store, clock: { nowMs: () => 0 }, codeHash, outOfTime: () => false },
        );
        for (const table of TABLES) {
          const key = tableKey(table, series, '2024');
          expect(Buffer.compare(aws.objects.get(`lake/${key}`)!, (await lake.store.get(key))!)).toBe(0);
        }
      } finally {
        await close();
      }
    });

    test('are one file each, under 2.2 MB', () => {
      for (const stage of LAMBDA_STAGES) {
        const folder = app.bundle(idOf(app, stage, 'Function'));
        expect(readdirSync(folder)).toEqual(['index.js']);
        expect(statSync(join(folder, 'index.js')).size).toBeLessThan(2_200_000);
      }
    });

    test('run on the newest Node of Lambda, on arm64', () => {
      for (const [, { Properties }] of app.ofType('AWS::Lambda::Function')) {
        expect(Properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'] });
      }
    });
  });
}
