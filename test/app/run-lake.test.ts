import { readEnvironment } from '../../lib/adapters/environment.ts';
import { openQueryEngine } from '../../lib/app/open-lake.ts';
import { planLake } from '../../lib/app/plan-lake.ts';
import { type RunEvent, runLake } from '../../lib/app/run-lake.ts';
import { startExchange } from '../../lib/exchange/simulated/exchange.ts';
import { RUN_STEPS } from '../../lib/workflow/run-steps.ts';
import { temporaryFolder } from '../support/folder.ts';

const NOW = '2024-03-05T12:00:30Z';
const REQUEST = { symbols: ['BTCUSDT'], interval: '1h', period: '3d', streams: true };

/** An environment such as a server reads it, with a simulated exchange that fails the first request for a file. */
async function served<T>(use: (environment: ReturnType<typeof readEnvironment>) => Promise<T>): Promise<T> {
  const fault = { kind: 'status', status: 500, match: '.zip', times: 1 } as const;
  const exchange = await startExchange({ nowMs: Date.parse(NOW), faults: [fault] });
  const urls = { CANDLELAKE_REST_URL: exchange.url, CANDLELAKE_ARCHIVE_URL: exchange.url };
  try {
    return await use(readEnvironment({ CANDLELAKE_LAKE: temporaryFolder(), CANDLELAKE_NOW: NOW, ...urls }));
  } finally {
    await exchange.close();
  }
}

describe('a run that is started without the command line', () => {
  test('sends typed events of its steps in their order, and of its retries, and returns its report', () =>
    served(async (environment) => {
      const events: RunEvent[] = [];
      const report = await runLake({ request: REQUEST }, environment, (event) => events.push(event));
      expect(report).toMatchObject({ complete: true, failures: [] });
      expect(events[0]).toEqual({ kind: 'begun', runId: report.runId });
      const progress = events.flatMap((event) => (event.kind === 'progress' ? [event] : []));
      const order = progress.map(({ step }) => RUN_STEPS.indexOf(step));
      expect(order).toEqual([...order].sort((a, b) => a - b));
      const last = Object.fromEntries(progress.map(({ step, done, total, failed }) => [step, [done, total, failed]]));
      expect(Object.keys(last)).toEqual(RUN_STEPS.filter((step) => !step.endsWith('Holes') || step === 'PlanHoles'));
      for (const [done, total, failed] of Object.values(last)) expect([done, failed]).toEqual([total, 0]);
      const retries = events.flatMap((event) => (event.kind === 'retry' ? [event.retry] : []));
      expect(retries).toEqual([
        expect.objectContaining({ attempt: 2, error: expect.objectContaining({ name: 'ExchangeBusy' }) }),
      ]);

      const engine = await openQueryEngine(environment.lake, environment.lakeName);
      try {
        // The archive's files are whole days: 3 d and 12 h.
        expect((await engine.query('SELECT count(*) FROM candles')).rows).toEqual([[84]]);
      } finally {
        await engine.close();
      }
    }));

  test('ends without a report if it is stopped, and the next one continues', () =>
    served(async (environment) => {
      const stop = new AbortController();
      const stopped = runLake({ request: REQUEST, signal: stop.signal }, environment, (event) => {
        if (event.kind === 'progress' && event.step === 'Refine') stop.abort();
      });
      await expect(stopped).rejects.toThrow();
      const report = await runLake({ request: REQUEST }, environment);
      expect(report).toMatchObject({ complete: true, fetchedChunks: 0 });
    }));

  test('is planned the same way, without a write', () =>
    served(async (environment) => {
      const notices: string[] = [];
      const plan = await planLake({ request: REQUEST }, environment, (text) => notices.push(text));
      expect({ market: plan.market, candles: plan.totals.candles, notices }).toEqual({
        ...{ market: 'um', candles: 72, notices: [] },
      });
      await expect(
        openQueryEngine(environment.lake, '').then((engine) => engine.query('FROM candles')),
      ).rejects.toThrow('holds no candles');
    }));
});
