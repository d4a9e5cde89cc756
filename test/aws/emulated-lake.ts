import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { type Exchange, startExchange } from '../../lib/exchange/simulated/exchange.ts';
import { temporaryFolder } from '../support/folder.ts';
import { runLake } from '../support/lake-process.ts';
import { parquetHashes } from '../support/parquet.ts';
import { type Deployment, deploy } from './deploy.ts';
import { emulatedCandles } from './emulated-exchange.ts';
import { type Emulator, startEmulator } from './emulator.ts';
import { type Execution, execute } from './executions.ts';

/** The series that a run with the input `{}` updates. */
export const WATCH_LIST = { market: 'um', symbols: ['BTCUSDT', 'ETHUSDT'], interval: '15m', period: '60d' } as const;

/** More than any run of the story costs but one. */
export const BUDGET_USD = 0.02;

/** The exchange API key that is in SSM and may be nowhere else. */
export const PLANTED = {
  '/candlelake/binance/api-key': 'planted-api-key-6f1d0c',
  '/candlelake/binance/secret-key': 'planted-secret-key-93ab27',
} as const;

/** The app, deployed into the emulator, in front of a simulated exchange. */
export interface EmulatedLake {
  readonly exchange: Exchange;
  readonly emulator: Emulator;
  readonly lake: Deployment;
  /** Every execution that has ended. */
  readonly executions: Execution[];
  /** Moves the exchange's time on. */
  advance(durationMs: number): void;
  /** Runs the state machine on an input as typed into the console. */
  run(name: string, input: string | object): Promise<Execution>;
  /** sha256 of the Parquet that `lake run` makes of the same exchange in an empty folder, by key. */
  localHashes(request: {
    readonly symbols: readonly string[];
    readonly [option: string]: unknown;
  }): Promise<Record<string, string>>;
  close(): Promise<void>;
}

export async function startEmulatedLake(startMs: number): Promise<EmulatedLake> {
  let nowMs = startMs;
  const exchange = await startExchange({ candles: await emulatedCandles(), nowMs: () => nowMs });
  // Whatever has started is stopped where the next does not: servers that go on would keep the tests from ending.
  const emulator = await startEmulator().catch((error: Error) => exchange.close().then(() => Promise.reject(error)));
  const close = async () => {
    await emulator.close();
    await exchange.close();
  };
  const lake = await deploy(emulator, temporaryFolder(), {
    exchange: { restUrl: exchange.url, archiveUrl: exchange.url },
    watchList: WATCH_LIST,
    budgetUsd: BUDGET_USD,
  }).catch((error: Error) => close().then(() => Promise.reject(error)));
  for (const [Name, Value] of Object.entries(PLANTED)) {
    await lake.ssm.send(new PutParameterCommand({ Name, Value, Type: 'SecureString' }));
  }
  const executions: Execution[] = [];
  return {
    exchange,
    emulator,
    lake,
    executions,
    advance(durationMs) {
      nowMs += durationMs;
    },
    async run(name, input) {
      const text = typeof input === 'string' ? input : JSON.stringify(input);
      const execution = await execute(emulator, lake.stateMachineArn, name, text);
      executions.push(execution);
      return execution;
    },
    async localHashes(request) {
      const folder = temporaryFolder();
      const options = Object.entries(request).flatMap(([name, value]) => [`--${name}`, String(value)]);
      const args = ['run', '--lake', folder, '--json', ...options];
      expect(await runLake(args, { exchangeUrl: exchange.url })).toMatchObject({ code: 0, stderr: '' });
      return parquetHashes(folder);
    },
    close,
  };
}
