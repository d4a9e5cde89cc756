import { temporaryFolder } from '../support/folder.ts';
import { runLake } from '../support/lake-process.ts';

const ONLY_SIMULATED = 'market sim: this lake holds simulated candles and no others\n';

test('a symbol that the lake does not hold is refused, beside one that it holds too', async () => {
  const at = ['--lake', temporaryFolder()];
  const range = ['--symbols', 'BTCUSDT', '--interval', '1d', '--from', '2024-01-01', '--to', '2024-01-08'];
  expect(await runLake(['run', '--source', 'simulated', '--market', 'sim', ...range, ...at])).toMatchObject({
    code: 0,
  });

  expect(await runLake(['gaps', '--symbols', 'btcusdt', ...at])).toMatchObject({
    code: 0,
    stderr: ONLY_SIMULATED,
  });
  const mistyped = await runLake(['gaps', '--symbols', 'BTCUSDT,BTCUSTD', ...at]);
  expect(mistyped).toMatchObject({ code: 2, stdout: '' });
  expect(mistyped.stderr).toBe(
    `${ONLY_SIMULATED}lake: lake at ${at[1]} holds no candles of BTCUSTD: ` +
      `run \`npx lake run --lake ${at[1]} --symbols BTCUSDT,BTCUSTD\` first\n`,
  );
});
