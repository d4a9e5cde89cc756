import { systemClock } from '../../adapters/clock.ts';
import { readEnvironment } from '../../adapters/environment.ts';
import { openStore } from '../../app/open-lake.ts';
import { BadInput } from '../../domain/errors.ts';
import { formatBytes, formatMinute, plural } from '../../domain/format-amount.ts';
import { seriesName } from '../../domain/series.ts';
import { DAY_MS } from '../../domain/time-range.ts';
import { type PrunableTable, prunable } from '../../lake/versions/prune.ts';
import { type PrunableRun, prunableRuns } from '../../lake/versions/prune-runs.ts';
import { type LakeOptions, printResult, type Terminal } from '../terminal.ts';

interface PruneOptions extends LakeOptions {
  readonly olderThan: string;
  readonly remove?: boolean;
}

const MAX_LINES = 20;
const UNIT_MS: Readonly<Record<string, number>> = { h: DAY_MS / 24, d: DAY_MS, w: 7 * DAY_MS };

/** `lake prune`: prints the tables of old versions and the runs that nothing needs. `--remove` removes them. */
export async function pruneCommand(options: PruneOptions, terminal: Terminal): Promise<number> {
  const ageMs = parseAge(options.olderThan);
  const environment = readEnvironment(terminal.variables);
  const store = await openStore(options.lake ?? environment.lake);
  const beforeMs = systemClock(environment.nowMs).nowMs() - ageMs;
  const tables = await prunable(store, beforeMs);
  const runs = await prunableRuns(store, beforeMs);
  const removed = options.remove === true;
  const keys = [...tables.map(({ key }) => key), ...runs.flatMap((run) => run.keys)];
  if (removed) for (const key of keys) await store.remove(key);
  const text = () => pruneText(tables, removed, options.olderThan) + runsText(runs, removed);
  printResult(terminal, options, { removed, tables, runs }, text);
  return 0;
}

function parseAge(text: string): number {
  const match = /^(\d{1,5})([hdw])$/.exec(text.trim());
  if (!match) throw new BadInput(`older-than must be a number and h, d or w such as 90d, got '${text}'`);
  return Number(match[1]) * UNIT_MS[match[2]!]!;
}

/** Returns an empty text if no run is old enough. */
function runsText(runs: readonly PrunableRun[], removed: boolean): string {
  if (runs.length === 0) return '';
  const days = runs.map(({ day }) => day).sort();
  const bytes = formatBytes(runs.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
  const objects = runs.reduce((sum, { keys }) => sum + keys.length, 0);
  const span = `from ${days[0]} to ${days.at(-1)}`;
  const what = `${plural(runs.length, 'run')} ${span}, ${plural(objects, 'object')}, ${bytes}`;
  return removed ? `removed ${what}; their reports stay\n` : `${what}; nothing is removed without --remove\n`;
}

function pruneText(tables: readonly PrunableTable[], removed: boolean, olderThan: string): string {
  if (tables.length === 0) {
    return `nothing to remove: no replaced table version is older than ${olderThan}, except what dataset ids need\n`;
  }
  const bytes = tables.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const lines = tables.slice(0, MAX_LINES).map(({ key, sizeBytes, series, period, replacedAtMs }) => {
    const table = key.slice(key.lastIndexOf('/') + 1, -'.parquet'.length);
    const what = `${seriesName(series)} ${period} ${table}`;
    return `  ${what.padEnd(36)} ${formatBytes(sizeBytes).padStart(8)}  replaced ${formatMinute(replacedAtMs)}`;
  });
  if (tables.length > MAX_LINES) lines.push(`  … ${tables.length - MAX_LINES} more: --json names all`);
  const total = `${plural(tables.length, 'table')} of old versions, ${formatBytes(bytes)}`;
  return `${[...lines, removed ? `removed ${total}` : `${total}; nothing is removed without --remove`].join('\n')}\n`;
}
