import { formatCount, plural } from '../../domain/format-amount.ts';
import { sumOf } from '../../domain/sum-of.ts';
import type { Failure, ReportedSeries } from './contract.ts';

/** The parts of a run report that its summary is made from. */
export interface Outcome {
  readonly plannedChunks: number;
  readonly plannedSeries: number;
  readonly failures: readonly Failure[];
  readonly healed: readonly Failure[];
  readonly series: readonly ReportedSeries[];
  readonly outOfReachCandles: number;
}

/** Failures named in full; the rest are in the report. */
const NAMED = 3;

/**
 * Returns one line: `complete: 35,040 candles, 2 shards of 1 series`, or
 * `incomplete: 1 of 14 chunks failed: um/BTCUSDT/15m archive_monthly 2024-02 (CorruptObject: …)`. Healed files follow.
 */
export function summarize(outcome: Outcome): string {
  const { healed, failures } = outcome;
  const line = outcomeLine(outcome);
  if (healed.length === 0) return line;
  const failed = new Set(failures.map(({ name }) => name));
  // The line already has the errors of failed chunks.
  const names = healed.map((one) => (failed.has(one.name) ? one.name : named(one)));
  return `${line}; healed by other sources: ${listed(names)}`;
}

function outcomeLine({ plannedChunks, plannedSeries, failures, series, outOfReachCandles }: Outcome): string {
  if (failures.length === 0 && outOfReachCandles === 0) {
    const candles = sumOf(series, (one) => one.candles);
    const wanted = sumOf(series, (one) => one.wantedCandles);
    const shards = sumOf(series, (one) => one.shards.length);
    // Fewer candles than wanted are not a failure: the exchange has holes, and a listing may begin within a month.
    const of = candles === wanted ? '' : ` of ${formatCount(wanted)}`;
    const lake = `${plural(shards, 'shard')} of ${formatCount(series.length)} series`;
    return `complete: ${formatCount(candles)}${of} candles, ${lake}`;
  }
  const fetching = failures.filter((failure) => failure.stage === 'fetch');
  const refining = failures.filter((failure) => failure.stage === 'refine');
  const registering = failures.filter((failure) => failure.stage === 'catalogue');
  const parts = [
    fetching.length > 0 ? `${failedOf(fetching.length, plannedChunks)} failed: ${listed(fetching.map(named))}` : [],
    refining.length > 0
      ? `${formatCount(refining.length)} of ${formatCount(plannedSeries)} series failed: ${listed(refining.map(named))}`
      : [],
    outOfReachCandles > 0
      ? `${plural(outOfReachCandles, 'candle')} out of reach: REST cannot be asked, and no archive file has them yet`
      : [],
    registering.length > 0 ? `not registered: ${listed(registering.map(named))}` : [],
  ];
  return `incomplete: ${parts.flat().join('; ')}`;
}

/** Unreadable files of earlier runs count too, so more can have failed than were planned. */
function failedOf(failed: number, planned: number): string {
  return failed > planned ? plural(failed, 'chunk') : `${formatCount(failed)} of ${plural(planned, 'chunk')}`;
}

function named({ name, error, message }: Failure): string {
  return `${name} (${message === '' ? error : `${error}: ${message}`})`;
}

function listed(names: readonly string[]): string {
  const rest = names.length - NAMED;
  return names.slice(0, NAMED).join(', ') + (rest > 0 ? ` and ${formatCount(rest)} more` : '');
}
