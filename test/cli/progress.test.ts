import { PassThrough } from 'node:stream';
import { runLakeProgram } from '../../lib/cli/lake-program.ts';
import { createProgress } from '../../lib/cli/progress.ts';
import { ExchangeBusy } from '../../lib/domain/errors.ts';
import { startExchange } from '../../lib/exchange/simulated/exchange.ts';
import type { RunStep } from '../../lib/workflow/run-steps.ts';
import { temporaryFolder } from '../support/folder.ts';
import { fakeTerminal } from '../support/terminal.ts';

const URL = 'https://data.binance.vision/data/futures/um/monthly/klines/BTCUSDT/15m/BTCUSDT-15m-2024-02.zip';
const RETRY = { error: new ExchangeBusy(`${URL} answered HTTP 500`), attempt: 2, of: 5, pauseMs: 4_000 };

function items(step: RunStep, done: number, total: number, failed = 0) {
  return { kind: 'progress' as const, step, done, total, failed };
}

/** A terminal of 80 columns, and what was drawn on it, without the codes that move the cursor. */
function drawing() {
  const stream = new PassThrough();
  let text = '';
  stream.on('data', (part: Buffer) => {
    text += part.toString();
  });
  const terminal = Object.assign(stream, { isTTY: true, columns: 80 }) as unknown as NodeJS.WriteStream;
  return { terminal, frames: () => text.split('\u001b').map((part) => part.replace(/^\[[\d?;]*[A-Za-z]/, '').trim()) };
}

describe('on a terminal', () => {
  test('a bar that waits says what failed, which attempt comes and when', () => {
    const { terminal, frames } = drawing();
    const progress = createProgress(terminal, false, () => 0);
    progress.show(items('FetchArchive', 0, 1));
    progress.show({ kind: 'retry', retry: RETRY });
    progress.stop();
    expect(frames()).toContain('fetch archive  0/1 batches (retrying: HTTP 500, attempt 2 of 5, 4.0 s)');
    for (const frame of frames()) expect(frame.length).toBeLessThanOrEqual(80);
  });

  test('the next item that ends takes the place of the retry, and a failed one is counted', () => {
    const { terminal, frames } = drawing();
    const progress = createProgress(terminal, false, () => 0);
    progress.show(items('FetchArchive', 0, 1));
    progress.show({ kind: 'retry', retry: RETRY });
    progress.show(items('FetchArchive', 1, 1, 1));
    progress.stop();
    expect(frames()).toContain(`fetch archive  ${'█'.repeat(24)} 1/1 batches, 1 failed`);
  });

  test.each([
    [`${URL} gave no whole answer: read ECONNRESET`, 'read ECONNRESET'],
    ['um/BTCUSDT/15m rest: something else', 'ExchangeBusy'],
  ])('%s', (message, cause) => {
    const { terminal, frames } = drawing();
    const progress = createProgress(terminal, false);
    progress.show(items('FetchRest', 0, 1));
    progress.show({ kind: 'retry', retry: { ...RETRY, error: new ExchangeBusy(message) } });
    progress.stop();
    expect(frames().join('\n')).toContain(`(retrying: ${cause}, attempt 2 of 5, 4.0 s)`);
  });
});

describe('elsewhere', () => {
  test('retries are lines, no more than one in five seconds, and failed items are counted', () => {
    const { err, written } = fakeTerminal();
    let timeMs = 0;
    const progress = createProgress(err, false, () => timeMs);
    progress.show(items('FetchArchive', 0, 2));
    for (timeMs of [0, 1_000, 4_999, 5_000]) progress.show({ kind: 'retry', retry: RETRY });
    progress.show(items('FetchArchive', 1, 2));
    progress.show(items('FetchArchive', 2, 2, 1));
    const line =
      'fetch archive  retrying, attempt 2 of 5, 4.0 s: ' +
      'https://data.binance.vision/…/BTCUSDT-15m-2024-02.zip answered HTTP 500';
    expect(written.err.split('\n')).toEqual([
      line,
      line,
      'fetch archive  1/2 batches',
      'fetch archive  2/2 batches, 1 failed',
      '',
    ]);
  });

  test('with --json nothing is told', () => {
    const { err, written } = fakeTerminal();
    const progress = createProgress(err, true);
    progress.show(items('FetchArchive', 1, 1, 1));
    progress.show({ kind: 'retry', retry: RETRY });
    expect(written.err).toBe('');
  });
});

test.each([
  ['plan', { kind: 'status', status: 503, match: '/exchangeInfo', times: 1 }],
  ['fetch archive', { kind: 'status', status: 500, match: '.zip', times: 1 }],
] as const)('a run tells the retries of its step %s', async (step, fault) => {
  const now = '2024-03-05T12:00:30Z';
  const exchange = await startExchange({ nowMs: Date.parse(now), faults: [fault] });
  try {
    const urls = { CANDLELAKE_REST_URL: exchange.url, CANDLELAKE_ARCHIVE_URL: exchange.url };
    const terminal = fakeTerminal({ CANDLELAKE_NOW: now, ...urls });
    const what = ['--interval', '1h', '--period', '20d', '--lake', temporaryFolder()];
    expect(await runLakeProgram(['run', ...what], terminal)).toBe(0);
    expect(terminal.written.err).toMatch(
      new RegExp(`^${step} +retrying, attempt 2 of \\d, 0\\.5 s: http://\\S+ answered HTTP ${fault.status}`, 'm'),
    );
  } finally {
    await exchange.close();
  }
});
