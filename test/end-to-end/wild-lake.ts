import type { Series } from '../../lib/domain/series.ts';
import { type Exchange, type ExchangeOptions, startExchange } from '../../lib/exchange/simulated/exchange.ts';
import type { AuditReport } from '../../lib/lake/audit/contract.ts';
import type { ReportedSeries, RunReport } from '../../lib/lake/catalogue/contract.ts';
import { auditedLake } from '../support/audited-lake.ts';
import { type LedgerRow, ledgerOf, tableOf } from '../support/tables.ts';
import { type WorkflowLake, workflowLake } from '../support/workflow-lake.ts';

/** A lake beside an exchange that may become another one as time goes on. */
export interface WildLake extends WorkflowLake {
  /** From now on the exchange is this one. */
  meet(options: ExchangeOptions): Promise<Exchange>;
  /** Rows of the ledger without those that only say that nobody asked, such as for the years before a request. */
  ledger(series: Series): Promise<LedgerRow[]>;
  /** Rows of the series' candles table. */
  rows(series: Series): Promise<Record<string, unknown>[]>;
  /** Compares every day with every source. */
  audit(): Promise<AuditReport>;
  close(): Promise<void>;
}

export function wildLake(): WildLake {
  let exchange: Exchange | undefined;
  const lake = workflowLake(() => exchange!);
  return {
    ...lake,
    async meet(options) {
      await exchange?.close();
      exchange = await startExchange(options);
      return exchange;
    },
    async ledger(series) {
      const rows = await ledgerOf({ store: lake.store, series });
      return rows.filter(({ evidence }) => evidence['why'] !== 'not_asked');
    },
    rows: (series) => tableOf({ store: lake.store, series }, 'candles'),
    audit: () => auditedLake(exchange!, lake.store).audit({ sample: 'all' }),
    close: async () => exchange?.close(),
  };
}

/** The shards of a symbol in the report of a run. */
export function shardsOf(report: RunReport, symbol: string): ReportedSeries['shards'] {
  return report.series.find(({ series }) => series.symbol === symbol)!.shards;
}
