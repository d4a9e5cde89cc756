import { createHttp } from '../../lib/adapters/http.ts';
import type { Chunk, Source } from '../../lib/domain/chunk.ts';
import { parseRangeLabel } from '../../lib/domain/chunk.ts';
import type { Series } from '../../lib/domain/series.ts';
import type { Exchange } from '../../lib/exchange/simulated/exchange.ts';
import type { FeatureRow } from '../../lib/features/feature-row.ts';
import { planAudit, reportAudit } from '../../lib/lake/audit/audit.ts';
import type { AuditContext } from '../../lib/lake/audit/audit-context.ts';
import { auditExchange, exchangeRequests } from '../../lib/lake/audit/audit-exchange.ts';
import { auditItem } from '../../lib/lake/audit/audit-item.ts';
import type { AuditReport, AuditRequest } from '../../lib/lake/audit/contract.ts';
import { fetchBatch } from '../../lib/lake/fetch/fetch-batch.ts';
import { type MemoryStore, memoryStore } from '../../lib/lake/memory-store.ts';
import { refine } from '../../lib/lake/refine/refine.ts';
import type { ObjectStore } from '../../lib/ports.ts';
import { type TestClock, testClock } from './clock.ts';
import { exchangeAccess } from './exchange-access.ts';
import { FEW_FEATURES } from './few-features.ts';

/** A lake in memory beside an exchange: fetched and refined by the stages themselves, and audited. */
export interface AuditedLake {
  readonly store: MemoryStore;
  readonly clock: TestClock;
  /** Fetches chunks, each named by source and label, and refines the series. */
  run(series: Series, chunks?: readonly (readonly [Source, string])[]): Promise<void>;
  audit(options?: AuditRequest & { readonly offline?: boolean; readonly repair?: boolean }): Promise<AuditReport>;
}

let audits = 0;

/** Returns the context of an audit of a lake beside an exchange. */
export function auditWorld(
  exchange: Exchange,
  store: ObjectStore,
  clock = testClock(exchange.nowMs()),
  codeHash = 'code 1',
  offline?: string,
) {
  return {
    store,
    clock,
    codeHash,
    exchange: auditExchange(exchangeRequests(askingOf(exchange, clock)), offline),
  } satisfies AuditContext;
}

function askingOf({ url }: Exchange, clock: TestClock) {
  return exchangeAccess(clock, url, createHttp({ timeoutMs: 5_000 }));
}

/**
 * @param codeHash of the code that made what the store holds
 * @param features few features if absent; kept tables that are damaged can be rebuilt only if they have every feature
 */
export function auditedLake(
  exchange: Exchange,
  store: MemoryStore = memoryStore(),
  codeHash = 'code 1',
  features: readonly FeatureRow[] = FEW_FEATURES,
): AuditedLake {
  const clock = testClock(exchange.nowMs());
  return {
    store,
    clock,
    async run(series, named = []) {
      const chunks = named.map(([source, label]): Chunk => {
        const range = parseRangeLabel(source, label);
        return { series, source, range, asOfMs: exchange.nowMs(), sizeBytes: 0 };
      });
      await fetchBatch({ runId: 'run', batch: 'all', chunks }, { ...askingOf(exchange, clock), store });
      await refine({ runId: 'run', series }, { store, clock, codeHash, outOfTime: () => false, features });
    },
    async audit({ offline = false, repair = false, ...request } = {}) {
      const plan = await planAudit(`audit-${++audits}`, request, { store, clock });
      const world = {
        ...auditWorld(exchange, store, clock, codeHash, offline ? 'nobody is asked' : undefined),
        repair,
      };
      for (const item of plan.items) await auditItem(item, world);
      return reportAudit(plan, world);
    },
  };
}
