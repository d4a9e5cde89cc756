import { systemClock } from '../adapters/clock.ts';
import { readEnvironment } from '../adapters/environment.ts';
import { codeHashes } from '../adapters/local/code-hash.ts';
import { type ChosenExchange, chooseExchange } from '../app/choose-exchange.ts';
import { assertWritable, openStore } from '../app/open-lake.ts';
import { newRunId } from '../app/run-id.ts';
import { ExchangeBusy } from '../domain/errors.ts';
import type { Market } from '../domain/market.ts';
import { auditFailureKey, parseAuditRequest, planAudit, reportAudit } from '../lake/audit/audit.ts';
import type { AuditContext } from '../lake/audit/audit-context.ts';
import { auditExchange, exchangeRequests } from '../lake/audit/audit-exchange.ts';
import { auditItem } from '../lake/audit/audit-item.ts';
import { type AuditItem, type AuditRequest, CHECKS, STREAM_CHECKS } from '../lake/audit/contract.ts';
import { auditKey } from '../lake/keys.ts';
import type { ObjectStore } from '../ports.ts';
import { auditText } from './audit-text.ts';
import { createProgress } from './progress.ts';
import { simulatedNote } from './simulated-note.ts';
import { storeOrKeep } from './store-or-keep.ts';
import { type Terminal, widthOf } from './terminal.ts';

export interface AuditOptions extends AuditRequest {
  readonly lake?: string;
  readonly offline?: boolean;
  readonly repair?: boolean;
  readonly json?: boolean;
}

/**
 * `lake audit`: exit code 0 if nothing is wrong and nothing differs, else 1. A lake that cannot be written is audited
 * too, except with `--repair`.
 */
export async function auditCommand(options: AuditOptions, terminal: Terminal): Promise<number> {
  const environment = readEnvironment(terminal.variables);
  parseAuditRequest(options);
  const lake = options.lake ?? environment.lake;
  if (options.repair) assertWritable(lake);
  const { store, failure } = storeOrKeep(await openStore(lake));
  terminal.err.write(await simulatedNote(lake, options.market));
  const clock = systemClock(environment.nowMs);
  const runId = newRunId(Date.now());
  const plan = await planAudit(runId, options, { store, clock });
  const progress = createProgress(terminal.err, options.json === true);
  try {
    const { items } = plan;
    const total = items.reduce((sum, item) => sum + checksOf(item), 0);
    let before = 0;
    // Simulated candles are served by the built-in exchange, all others by Binance or what stands in for it.
    for (const market of new Set(items.map(marketOf))) {
      const world = await openWorld(market, store, options, terminal);
      const own = items.filter((item) => marketOf(item) === market);
      try {
        for (const item of own) {
          await audited(item, {
            ...world.audit,
            onCheck: (done) => progress.report('Audit', before + done, total),
          });
          before += checksOf(item);
        }
      } finally {
        await world.exchange?.close();
      }
    }
  } finally {
    progress.stop();
  }
  const report = await reportAudit(plan, { store, clock });
  terminal.out.write(
    options.json ? `${JSON.stringify(report)}\n` : auditText(report, lake, widthOf(terminal.out), { ...options }),
  );
  const notStored = failure();
  if (notStored) terminal.err.write(`report ${auditKey(runId)} is not stored in the lake: ${notStored.message}\n`);
  return report.clean ? 0 : 1;

  /** What ends one item ends no other: it is written down, as the state machine does. */
  async function audited(item: AuditItem, world: Parameters<typeof auditItem>[1]): Promise<void> {
    try {
      await auditItem(item, world);
    } catch (error) {
      const { name, message } = error as Error;
      const failure = { error: { Error: name, Cause: message } };
      await store.put(auditFailureKey(item), Buffer.from(JSON.stringify(failure)));
    }
  }
}

function checksOf(item: AuditItem): number {
  return 'stream' in item ? STREAM_CHECKS.length : CHECKS.length;
}

function marketOf(item: AuditItem): Market {
  return ('stream' in item ? item.stream : item.series).market;
}

async function openWorld(
  market: Market,
  store: ObjectStore,
  { offline, repair }: AuditOptions,
  terminal: Terminal,
): Promise<{ readonly audit: AuditContext; readonly exchange: ChosenExchange | undefined }> {
  const environment = readEnvironment(terminal.variables);
  let exchange: ChosenExchange | undefined;
  let why = 'offline: the lake is held against itself alone';
  if (!offline) {
    try {
      exchange = await chooseExchange(environment, { source: market === 'sim' ? 'simulated' : 'binance', market });
    } catch (error) {
      if (!(error instanceof ExchangeBusy)) throw error;
      why = `${error.message}: the lake is held against itself alone`;
    }
  }
  const clock = exchange?.clock ?? systemClock(environment.nowMs);
  const nobody = { get: () => Promise.reject(new ExchangeBusy(why)) };
  const asking = {
    http: exchange?.http ?? nobody,
    clock,
    urls: exchange?.urls ?? environment.urls,
    apiKey: environment.apiKey,
  };
  const audit: AuditContext = {
    store,
    clock,
    exchange: auditExchange(exchangeRequests(asking), exchange ? undefined : why),
    codeHash: codeHashes().streams,
    repair: repair === true,
  };
  return { audit, exchange };
}
