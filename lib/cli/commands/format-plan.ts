import { formatBytes, formatCount, formatDuration, formatMinute, plural } from '../../domain/format-amount.ts';
import { seriesName } from '../../domain/series.ts';
import type { Plan, PlanTotals, StreamTotals } from '../../lake/plan/contract.ts';
import { wrap } from '../layout.ts';
import { plainWords } from '../plain-text.ts';

const MAX_SERIES_LINES = 10;

/** Returns a plan for people, at most 80 columns wide. */
export function formatPlan(plan: Plan, lake: string): string {
  const { totals } = plan;
  const landed = plan.series.reduce((sum, series) => sum + series.landedChunks, 0);
  const rows: [string, string][] = [
    [
      'range',
      `${formatMinute(plan.range.fromMs)} to ${formatMinute(plan.range.toMs)} UTC, ${plan.interval}, ${plan.market}`,
    ],
    ['series', `${plural(totals.series, 'series', 'series')}, ${plural(totals.shards, 'shard')}`],
    ['candles', `${formatCount(totals.candles)} wanted`],
    ['have', `${plural(landed, 'chunk')} already in ${lake}`],
    ['fetch', fetchText(plan)],
    ...(totals.streams ? [['streams', streamsText(totals.streams)] as [string, string]] : []),
    ['download', `${formatBytes(totals.downloadBytes)} in ${plural(totals.requests, 'request')}`],
    ['rest', `weight ${formatCount(totals.restWeight)} of 2,400 a minute`],
    ['store', `about ${formatBytes(totals.storedBytes)}`],
    ['time', `about ${formatDuration(totals.localSeconds)} on this machine`],
    ['cost', costText(totals)],
    ['audit', `about ${dollarsText(totals.awsAuditUsd)} on AWS, each week`],
  ];
  const lines = rows.map(([name, text]) => `${name.padEnd(10)}${text}`);
  for (const { series, wantedCandles, wantedChunks, landedChunks, outOfReach } of plan.series.slice(
    0,
    MAX_SERIES_LINES,
  )) {
    const chunks = `${formatCount(landedChunks)}/${plural(wantedChunks, 'chunk')} landed`;
    const missing = outOfReach.length > 0 ? `, ${plural(outOfReach.length, 'range')} out of reach` : '';
    lines.push(`  ${seriesName(series)}  ${plural(wantedCandles, 'candle')}, ${chunks}${missing}`);
  }
  if (plan.series.length > MAX_SERIES_LINES) lines.push(`  … ${plan.series.length - MAX_SERIES_LINES} more`);
  const notices = plan.notices.flatMap((notice) => wrap(plainWords(notice), 80, 2));
  return `${[...notices, ...lines].join('\n')}\n`;
}

/** Returns the cost on AWS, and its part for the tables that the run replaces unless it rounds to zero. */
function costText({ awsUsd, awsReplacedUsd }: PlanTotals): string {
  const part = dollarsText(awsReplacedUsd);
  const whole = `about ${dollarsText(awsUsd)} on AWS`;
  return Number(part.slice(1)) > 0 ? `${whole}, ${part} of it to keep replaced tables` : whole;
}

function dollarsText(usd: number): string {
  return `$${usd.toFixed(usd < 1 ? 4 : 2)}`;
}

function streamsText({ streams, files, restRequests }: StreamTotals): string {
  const parts = [files > 0 && plural(files, 'file'), restRequests > 0 && plural(restRequests, 'REST request')];
  return `${plural(streams, 'stream')}: ${parts.filter(Boolean).join(', ') || 'nothing new'}`;
}

function fetchText({ totals, chunks }: Plan): string {
  if (chunks.length === 0) return 'nothing: all of it has landed';
  const parts = [
    totals.monthlyFiles > 0 && plural(totals.monthlyFiles, 'monthly file'),
    totals.dailyFiles > 0 && plural(totals.dailyFiles, 'daily file'),
    totals.restRequests > 0 && plural(totals.restRequests, 'REST request'),
  ];
  return parts.filter(Boolean).join(', ');
}
