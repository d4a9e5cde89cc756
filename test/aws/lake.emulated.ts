import { type Exchange, startExchange } from '../exchange/exchange.ts';
import { temporaryFolder } from '../end-to-end/temporary-folder.ts';
import { type Deployment, deploy } from './deploy.ts';
import { type Emulator, startEmulator } from './emulator.ts';
import { execute } from './executions.ts';

let exchange: Exchange;
let emulator: Emulator;
let lake: Deployment;
beforeAll(async () => {
  exchange = await startExchange({ nowMs: Date.parse('2024-05-03T10:00:05Z') });
  emulator = await startEmulator();
  lake = await deploy(emulator, temporaryFolder(), {
    exchange: { restUrl: exchange.url, archiveUrl: exchange.url },
    watchList: { market: 'um', symbols: ['BTCUSDT', 'ETHUSDT'], interval: '15m', period: '60d' },
  });
});
afterAll(async () => {
  await emulator?.close();
  await exchange?.close();
});

test('a run', async () => {
  const ended = await execute(emulator, lake.stateMachineArn, 'first', '{}');
  console.log(ended, emulator.functions.log(), emulator.log().slice(-5000));
});
