import { formatCount, formatMinute, plural } from '../../domain/format-amount.ts';
import { seriesName } from '../../domain/series.ts';
import type { ShardEntries, VersionEntry } from '../../lake/versions/history.ts';

/** The most inputs that are named per version. The others are counted. */
const NAMED_INPUTS = 3;
const MEANING: Readonly<Record<VersionEntry['reason'], string>> = {
  created: 'created',
  extended: 'extended: newer candles',
  labels_decided: 'labels_decided: labels of its last candles',
  source_replaced: 'source_replaced: the same values',
  evidence_changed: 'evidence_changed: the same candles',
  revised: 'revised: candles that it had',
  earlier_revised: 'earlier_revised: an earlier shard was revised',
  later_revised: 'later_revised: candles that its labels use changed',
  code_changed: 'code_changed: made by other code',
};

/** Returns histories for people, at most 80 columns wide except for long names. */
export function formatHistory(shards: readonly ShardEntries[]): string {
  const blocks = shards.map(({ series, period, versions }) => {
    const title = `${seriesName(series)} ${period}: ${plural(versions.length, 'version')}`;
    return [title, ...versions.flatMap(versionLines)].join('\n');
  });
  return `${blocks.join('\n\n')}\n`;
}

function versionLines(version: VersionEntry): string[] {
  const { publishedAtMs, manifestSha256, candles, reason, runId, kept, keptNoMore } = version;
  // To the millisecond, because --as-of takes this text, and a whole second would be before the version.
  const time = new Date(publishedAtMs).toISOString().slice(0, 23).replace('T', ' ');
  const lines = [`  ${time}  ${MEANING[reason]}`];
  const { revision } = version;
  if (revision) {
    const counts = (['changed', 'added', 'removed'] as const).filter((what) => revision[what] > 0);
    const span = [revision.firstMs, revision.lastMs].map(formatMinute);
    const [from, to] = span[0] === span[1] ? [`at ${span[0]}`, ''] : [`from ${span[0]}`, ` to ${span[1]}`];
    lines.push(`    ${counts.map((what) => `${formatCount(revision[what])} ${what}`).join(', ')}, ${from}${to}`);
  }
  lines.push(...inputLines('+', version.inputsAdded), ...inputLines('-', version.inputsRemoved));
  lines.push(`    ${plural(candles, 'candle')}; manifest ${manifestSha256.slice(0, 12)}; run ${runId}`);
  const tables = [
    ...(kept.length > 0 ? [`${kept.join(', ')} kept`] : []),
    ...(keptNoMore.length > 0 ? [`${keptNoMore.join(', ')} no longer kept`] : []),
  ];
  if (tables.length > 0) lines.push(`    ${tables.join('; ')}`);
  return lines;
}

function inputLines(sign: string, keys: readonly string[]): string[] {
  const named = keys.length > NAMED_INPUTS ? [...keys.slice(0, NAMED_INPUTS - 1), ''] : keys;
  return named.map((key) =>
    key === '' ? `    ${sign} ${formatCount(keys.length - NAMED_INPUTS + 1)} more` : `    ${sign} ${shortKey(key)}`,
  );
}

/** Returns a text such as `archive_daily 2024-03-27 3f2a9c1b0d4e` from the end of a landing key. */
function shortKey(key: string): string {
  const match = /source=([^/]+)\/([^/]+)\/([0-9a-f]{12})[^/]*$/.exec(key);
  return match ? `${match[1]} ${match[2]} ${match[3]}` : key;
}
