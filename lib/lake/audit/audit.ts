import { BadInput } from '../../domain/errors.ts';
import { seriesName } from '../../domain/series.ts';
import { filterText, parseSeriesFilter, type SeriesFilter } from '../../domain/series-filter.ts';
import { streamFileName, streamTitle } from '../../domain/stream.ts';
import type { Clock, ObjectStore } from '../../ports.ts';
import { holdsNone } from '../empty-lake.ts';
import { decodeJson, encodeJson } from '../json.ts';
import { auditKey, auditPartKey, runKey } from '../keys.ts';
import { checkDatasets } from './check-datasets.ts';
import {
  type AuditItem,
  type AuditPlan,
  type AuditReport,
  type AuditRequest,
  type PartAudit,
  type SampleSize,
  SEVERITIES,
  type Severity,
} from './contract.ts';
import { listSeries, listStreams } from './list-subjects.ts';
import { seedOf } from './sample.ts';

/** Days of each series that are compared if the request does not say. */
const SAMPLE = 20;
const MOST_SAMPLED = 100_000;

/** Findings in a report. Those of each series are below `runs/<id>/audit/`. */
const MOST_REPORTED = 5_000;

interface ReportContext {
  readonly store: ObjectStore;
  readonly clock: Clock;
}

/** Checks the values of a request. @throws BadInput naming what is allowed */
export function parseAuditRequest(request: AuditRequest): SeriesFilter & { readonly sample: SampleSize } {
  const { sample = SAMPLE } = request;
  if (sample !== 'all' && !(Number.isInteger(sample) && sample >= 0 && sample <= MOST_SAMPLED)) {
    throw new BadInput(`sample must be a whole number from 0 to ${MOST_SAMPLED} or all, got '${sample}'`);
  }
  return { sample, ...parseSeriesFilter(request) };
}

/** First step: lists the series and streams to audit, one item each. @throws BadInput if the lake has none of them */
export async function planAudit(
  runId: string,
  request: AuditRequest,
  { store, clock }: ReportContext,
): Promise<AuditPlan & { readonly items: readonly AuditItem[] }> {
  const parsed = parseAuditRequest(request);
  const { sample } = parsed;
  const seed = seedOf(clock.nowMs());
  const [series, streams] = [await listSeries(store, parsed), await listStreams(store, parsed)];
  if (series.length + streams.length === 0) {
    throw holdsNone(store.url, ['series', filterText(parsed)].filter(Boolean).join(' of '));
  }
  const items: AuditItem[] = [
    ...series.map((own) => ({ runId, file: seriesName(own).replaceAll('/', '_'), series: own, seed, sample })),
    ...streams.map((stream) => ({ runId, file: streamFileName(stream), stream })),
  ];
  const seriesKey = runKey(runId, 'series.json');
  await store.put(seriesKey, Buffer.from(JSON.stringify(items)));
  return { runId, seriesKey, seed, sample, items };
}

/** Last step: checks what belongs to the whole lake, gathers the findings of each item, and writes the report. */
export async function reportAudit(plan: AuditPlan, { store, clock }: ReportContext): Promise<AuditReport> {
  const { runId, seriesKey } = plan;
  const planned = await store.get(seriesKey);
  if (!planned) throw new Error(`audit ${runId} has no ${seriesKey}`);
  const items = decodeJson<readonly AuditItem[]>(planned);
  const parts: PartAudit[] = [];
  const unaudited: AuditReport['unaudited'][number][] = [];
  for (const item of items) {
    const bytes = await store.get(auditPartKey(runId, item.file));
    if (bytes) parts.push(decodeJson<PartAudit>(bytes));
    else unaudited.push({ series: nameOf(item), message: await failureOf(item, store) });
  }
  parts.push(await checkDatasets(store));
  const report = summarise(plan, items, parts, unaudited, clock.nowMs());
  await store.put(auditKey(runId), encodeJson(report));
  return report;
}

function summarise(
  { runId, seed, sample }: AuditPlan,
  items: readonly AuditItem[],
  parts: readonly PartAudit[],
  unaudited: AuditReport['unaudited'],
  atMs: number,
): AuditReport {
  const streams = items.filter((item) => 'stream' in item).length;
  const sum = (value: (part: PartAudit) => number) => parts.reduce((total, part) => total + value(part), 0);
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
  const rest = unaudited.length > 0 ? `, ${notAudited(unaudited.length, streams > 0)}` : '';
  const findingCount = `${total} ${total === 1 ? 'finding' : 'findings'}`;
  const bySeverity = `${counts.wrong} wrong, ${counts.differs} differ, ${counts.note} to note`;
  return {
    auditId: runId,
    atMs,
    seed,
    sample,
    series: items.length - streams,
    streams,
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
    summary: `${objects} objects checked, ${findingCount}: ${bySeverity}${rest}`,
  };
}

/** Key of the error that ended the audit of an item, as the state machine or the command writes it. */
export function auditFailureKey({ runId, file }: AuditItem): string {
  return runKey(runId, `failures/audit-${file}.json`);
}

function nameOf(item: AuditItem): string {
  return 'stream' in item ? streamTitle(item.stream) : seriesName(item.series);
}

function notAudited(count: number, withStreams: boolean): string {
  return `${count} series ${withStreams ? 'or streams ' : ''}not audited to the end`;
}

async function failureOf(item: AuditItem, store: ObjectStore): Promise<string> {
  const bytes = await store.get(auditFailureKey(item));
  if (!bytes) return 'no answer';
  const { error } = decodeJson<{ error?: { Error?: string; Cause?: string } }>(bytes);
  return `${error?.Error ?? 'failed'}: ${causeText(error?.Cause)}`;
}

/** Returns the message of a cause. The cause of a Lambda is JSON. */
function causeText(cause = 'no cause given'): string {
  try {
    return String((JSON.parse(cause) as { errorMessage?: unknown }).errorMessage ?? cause);
  } catch {
    return cause;
  }
}
