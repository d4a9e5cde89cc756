import { candleRow } from '../../support/candles.ts';
import { btc, page, refinedLake } from '../../support/refined-lake.ts';
import { watchedFolder } from '../../support/store.ts';
import { saidBy } from '../../support/terminal.ts';

test('the times that history tells are those that --as-of takes, and its lines fit 80 columns', async () => {
  const lake = refinedLake(btc('12h'), watchedFolder());
  const at = ['--lake', lake.store.url];
  await lake.land(page('12h', '2021-11-01T00:00Z', 1200));
  await lake.refine({ nowMs: Date.parse('2026-10-01T00:00:00.250Z'), runId: '20261001T000000Z-019592' });
  await lake.land({ source: 'archive_daily', rows: [candleRow('12h', Date.parse('2021-11-20'), 99)] });
  await lake.refine({ nowMs: Date.parse('2026-10-03T00:00:00.750Z'), runId: '20261003T000000Z-a2e7b0' });
  const { out } = await saidBy(['history', '--shard', '2021', ...at]);
  expect(out).toContain('candles, features, gaps, labels kept\n');
  expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  const times = [...out.matchAll(/^ {2}(\d{4}-\d\d-\d\d \S+) {2}/gm)].map(([, time]) => time!);
  expect(times).toEqual(['2026-10-01 00:00:00.250', '2026-10-03 00:00:00.750']);
  const restated = "SELECT close FROM candles WHERE open_time = TIMESTAMP '2021-11-20 00:00:00'";
  const close = (...past: string[]) => saidBy(['query', restated, '--json', ...past, ...at]);
  const [first, second] = [await close('--as-of', times[0]!), await close('--as-of', times[1]!)];
  expect(first.out).not.toBe(second.out);
  expect(second).toEqual(await close());
});
