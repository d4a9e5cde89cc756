import { readEnvironment } from '../../adapters/environment.ts';
import { openQueryEngine } from '../../app/open-lake.ts';
import { runLake } from '../../app/run-lake.ts';
import { keepOptions } from '../keep-options.ts';
import { createProgress } from '../progress.ts';
import { printResult, type Terminal, widthOf } from '../terminal.ts';
import { formatReport } from './format-report.ts';
import { newestRowsText } from './newest-rows.ts';
import { type RequestOptions, requestOf } from './request-options.ts';

interface RunOptions extends RequestOptions {
  readonly concurrency?: number;
  readonly show?: boolean;
}

/** `lake run`: runs the whole workflow in this process. Exit code 0 complete, 1 incomplete. */
export async function runCommand(options: RunOptions, terminal: Terminal): Promise<number> {
  const startedMs = performance.now();
  const environment = readEnvironment(terminal.variables);
  const lake = options.lake ?? environment.lake;
  const progress = createProgress(terminal.err, options.json === true);
  const wanted = { ...requestOf(options), concurrency: options.concurrency };
  const report = await runLake(wanted, environment, progress.show).finally(progress.stop);
  const seconds = (performance.now() - startedMs) / 1000;
  const archiveOnlyCommand = keepOptions('npx lake run --archive-only', { ...options });
  printResult(terminal, options, report, () => formatReport(report, { lake, seconds, archiveOnlyCommand }));
  if (options.show && !options.json) {
    const engine = await openQueryEngine(lake, environment.lakeName);
    terminal.out.write(await newestRowsText(report, engine, widthOf(terminal.out), { ...options }));
    await engine.close();
  }
  return report.complete ? 0 : 1;
}
