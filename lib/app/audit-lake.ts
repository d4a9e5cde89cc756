import { systemClock } from '../adapters/clock.ts';
import type { Environment } from '../adapters/environment.ts';
import { codeHashes } from '../adapters/local/code-hash.ts';
import { ExchangeBusy } from '../domain/errors.ts';
import type { Market } from '../domain/market.ts';
import { requestGovernor } from '../exchange/request-governor.ts';
import { auditFailureKey, planAudit, reportAudit } from '../lake/audit/audit.ts';
import type { AuditContext } from '../lake/audit/audit-context.ts';
import { auditExchange, exchangeRequests } from '../lake/audit/audit-exchange.ts';
import { auditItem } from '../lake/audit/audit-item.ts';
import { type AuditItem, type AuditReport, type AuditRequest, CHECKS, STREAM_CHECKS } from '../lake/audit/contract.ts';
import type { ObjectStore } from '../ports.ts';
import { type ChosenExchange, chooseExchange } from './choose-exchange.ts';
import { newRunId } from './run-lake.ts';

/** An audit that is wanted. */
export interface AuditOptions {
  readonly request: AuditRequest;
  /** Takes the report and the failures of the audit too. */
  readonly store: ObjectStore;
  /** True to compare the lake with itself only. */
  readonly offline: boolean;
  /** True to mend what is damaged. */
  readonly repair: boolean;
}

/** `done` of `total` checks have ended. */
type OnCheck = (done: number, total: number) => void;

/**
 * Audits a lake in this process and returns the report, which is also in the store. Simulated candles are compared with
 * the built-in exchange, all others with Binance or the server at the base URLs of the environment. An exchange out of
 * reach is a notice of the report.
 */
export async function auditLake(
  options: AuditOptions,
  environment: Environment,
  onCheck: OnCheck,
): Promise<AuditReport> {
  const { request, store } = options;
  const clock = systemClock(environment.nowMs);
  const plan = await planAudit(newRunId(Date.now()), request, { store, clock });
  const total = plan.items.reduce((sum, item) => sum + checksOf(item), 0);
  let ended = 0;
  for (const market of new Set(plan.items.map(marketOf))) {
    const { exchange, context } = await openMarket(market, options, environment);
    try {
      for (const item of plan.items.filter((one) => marketOf(one) === market)) {
        await auditOne(item, { ...context, onCheck: (done) => onCheck(ended + done, total) });
        ended += checksOf(item);
      }
    } finally {
      await exchange?.close();
    }
  }
  return reportAudit(plan, { store, clock });
}

/** An error ends only its own item. It is written down, as the state machine does. */
async function auditOne(item: AuditItem, context: Parameters<typeof auditItem>[1]): Promise<void> {
  try {
    await auditItem(item, context);
  } catch (error) {
    const { name, message } = error as Error;
    const failure = { error: { Error: name, Cause: message } };
    await context.store.put(auditFailureKey(item), Buffer.from(JSON.stringify(failure)));
  }
}

function checksOf(item: AuditItem): number {
  return 'stream' in item ? STREAM_CHECKS.length : CHECKS.length;
}

function marketOf(item: AuditItem): Market {
  return ('stream' in item ? item.stream : item.series).market;
}

async function openMarket(
  market: Market,
  { store, offline, repair }: AuditOptions,
  environment: Environment,
): Promise<{ readonly exchange: ChosenExchange | undefined; readonly context: AuditContext }> {
  const { exchange, why } = offline ? { why: 'offline' } : await reach(market, environment);
  const notice = `${why}: the lake is compared with itself only`;
  const unreachable = { get: () => Promise.reject(new ExchangeBusy(notice)) };
  const clock = exchange?.clock ?? systemClock(environment.nowMs);
  const requests = exchangeRequests({
    http: exchange?.http ?? unreachable,
    clock,
    urls: exchange?.urls ?? environment.urls,
    governor: exchange?.governor ?? requestGovernor(clock),
    apiKey: environment.apiKey,
  });
  const context: AuditContext = {
    store,
    clock,
    exchange: auditExchange(requests, exchange ? undefined : notice),
    codeHash: codeHashes().streams,
    repair,
  };
  return { exchange, context };
}

/** Returns the exchange of a market, or the reason why it is out of reach. */
async function reach(
  market: Market,
  environment: Environment,
): Promise<{ readonly exchange?: ChosenExchange; readonly why?: string }> {
  try {
    const source = market === 'sim' ? 'simulated' : 'binance';
    return { exchange: await chooseExchange(environment, { source, market }) };
  } catch (error) {
    if (!(error instanceof ExchangeBusy)) throw error;
    return { why: error.message };
  }
}
