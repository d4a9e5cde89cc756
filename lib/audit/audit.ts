import { BadInput } from '../domain/errors.ts';
import { parseInterval } from '../domain/interval.ts';
import { auditKey, auditPartKey, runKey } from '../domain/keys.ts';
import { parseMarket } from '../domain/market.ts';
import { parseSymbol, type Series, seriesName } from '../domain/series.ts';
import type { Clock, ObjectStore } from '../ports.ts';
import {
  type AuditItem,
  type AuditPlan,
  type AuditReport,
  type AuditRequest,
  type SampleSize,
  SEVERITIES,
  type SeriesAudit,
  type Severity,
} from './contract.ts';
import { listSeries } from './list-series.ts';
import { seedOf } from './sample.ts';

/** Days of each series that are compared where nothing else is asked for. */
const SAMPLE = 20;
const MOST_SAMPLED = 100_000;

/** Findings in a report; each series' own are below `runs/<id>/audit/`. */
const MOST_REPORTED = 5_000;

interface AuditorsWorld {
  readonly store: ObjectStore;
  readonly clock: Clock;
}

/** Checks the words of a request. @throws BadInput naming what is allowed. */
export function parseAuditRequest(request: AuditRequest): AuditRequest & { readonly sample: SampleSize } {
  const { symbols, interval, market, sample = SAMPLE } = request;
  if (sample !== 'all' && !(Number.isInteger(sample) && sample >= 0 && sample <= MOST_SAMPLED)) {
    throw new BadInput(`sample must be a whole number from 0 to ${MOST_SAMPLED} or all, got '${sample}'`);
  }
  return {
    sample,
    ...(symbols && { symbols: symbols.map(parseSymbol) }),
    ...(interval !== undefined && { interval: parseInterval(interval) }),
    ...(market !== undefined && { market: parseMarket(market) }),
  };
}

/** First step: which series are audited, one item each. @throws BadInput where the lake has none of them. */
export async function planAudit(
  runId: string,
  request: AuditRequest,
  { store, clock }: AuditorsWorld,
): Promise<AuditPlan & { readonly items: readonly AuditItem[] }> {
  const parsed = parseAuditRequest(request);
  const { sample } = parsed;
  const seed = seedOf(clock.nowMs());
  const series = await listSeries(store, parsed);
  if (series.length === 0) {
    const asked = [parsed.market, parsed.symbols?.join(','), parsed.interval].filter(Boolean).join(' ');
    throw new BadInput(`lake at ${store.url} holds no series${asked && ` of ${asked}`}`);
  }
  const items = series.map((own): AuditItem => ({ runId, series: own, seed, sample }));
  const seriesKey = runKey(runId, 'series.json');
  await store.put(seriesKey, Buffer.from(JSON.stringify(items)));
  return { runId, seriesKey, seed, sample, items };
}

/** Last step: puts what was found of each series together, and writes the report. */
export async function reportAudit(
  { runId, seriesKey, seed, sample }: AuditPlan,
  { store, clock }: AuditorsWorld,
): Promise<AuditReport> {
  const planned = await store.get(seriesKey);
  if (!planned) throw new Error(`audit ${runId} has no ${seriesKey}`);
  const items = JSON.parse(Buffer.from(planned).toString('utf8')) as readonly AuditItem[];
  const parts: SeriesAudit[] = [];
  const unaudited: AuditReport['unaudited'][number][] = [];
  for (const { series } of items) {
    const bytes = await store.get(auditPartKey(runId, series));
    if (bytes) parts.push(JSON.parse(Buffer.from(bytes).toString('utf8')) as SeriesAudit);
    else unaudited.push({ series: seriesName(series), message: await failureOf(runId, series, store) });
  }
  const sum = (value: (part: SeriesAudit) => number) => parts.reduce((total, part) => total + value(part), 0);
  const counts = Object.fromEntries(
    SEVERITIES.map((severity) => [severity, sum((part) => part.counts[severity])]),
  ) as Record<Severity, number>;
  const objects = sum((part) => part.objects);
  const findings = parts
    .flatMap((part) => part.findings)
    .sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity))
    .slice(0, MOST_REPORTED);
  const clean = counts.wrong === 0 && counts.differs === 0 && unaudited.length === 0;
  const total = counts.wrong + counts.differs + counts.note;
  const rest = unaudited.length > 0 ? `, ${unaudited.length} series not audited to the end` : '';
  const report: AuditReport = {
    auditId: runId,
    atMs: clock.nowMs(),
    seed,
    sample,
    series: items.length,
    objects,
    samples: sum((part) => part.samples),
    repaired: {
      shards: sum((part) => part.repaired.shards),
      kept: sum((part) => part.repaired.kept),
      landed: sum((part) => part.repaired.landed),
    },
    counts,
    findings,
    notices: [...new Set(parts.flatMap((part) => part.notices))],
    unaudited,
    clean,
    summary: `${objects} objects checked, ${total} ${total === 1 ? 'finding' : 'findings'}: ${counts.wrong} wrong, ${counts.differs} differ, ${counts.note} to note${rest}`,
  };
  await store.put(auditKey(runId), Buffer.from(`${JSON.stringify(report)}\n`));
  return report;
}

/** Key of what the state machine, or the command, writes of a series that it could not audit. */
export function auditFailureKey(runId: string, { market, symbol, interval }: Series): string {
  return runKey(runId, `failures/audit-${market}_${symbol}_${interval}.json`);
}

async function failureOf(runId: string, series: Series, store: ObjectStore): Promise<string> {
  const bytes = await store.get(auditFailureKey(runId, series));
  if (!bytes) return 'no answer';
  const { error } = JSON.parse(Buffer.from(bytes).toString('utf8')) as { error?: { Error?: string; Cause?: string } };
  return `${error?.Error ?? 'failed'}: ${causeText(error?.Cause)}`;
}

/** A Lambda's cause is JSON that holds the message. */
function causeText(cause = 'no cause given'): string {
  try {
    return String((JSON.parse(cause) as { errorMessage?: unknown }).errorMessage ?? cause);
  } catch {
    return cause;
  }
}
