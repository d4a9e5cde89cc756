import { formatCount, plural } from '../../domain/format-amount.ts';
import type { AuditReport, Finding } from '../../lake/audit/contract.ts';
import { auditKey } from '../../lake/keys.ts';
import { type GivenOptions, keepOptions } from '../keep-options.ts';
import { wrap } from '../layout.ts';
import { plainWords } from '../plain-text.ts';

const MAX_FINDINGS = 25;
const SEVERITY_WIDTH = 9;

/** Returns an audit for people: the findings, what to do, and the counts in one line. */
export function formatAudit(report: AuditReport, lake: string, width: number, given: GivenOptions): string {
  const { counts, findings, repaired } = report;
  const total = counts.wrong + counts.differs + counts.note;
  const shown = findings.slice(0, MAX_FINDINGS);
  const lines = shown.flatMap((finding) => findingLines(finding, width));
  const say = (line: string) => lines.push(...wrap(line, width, 2));
  if (total > shown.length) say(`… ${formatCount(total - shown.length)} more in ${lake}/${auditKey(report.auditId)}`);
  for (const { series, message } of report.unaudited) say(`failed   ${series}: ${plainWords(message)}`);
  const remedies = new Set(findings.map(({ remedy }) => remedy).filter((remedy) => remedy !== ''));
  if (remedies.size > 0) say('what to do:');
  // A command that is broken into two lines could not be pasted.
  for (const remedy of remedies) lines.push(`  ${keepOptions(remedy, given)}`);
  for (const notice of report.notices) say(notice);
  if (repaired.shards > 0) {
    const run = keepOptions('npx lake run', given);
    lines.push(`${plural(repaired.shards, 'shard')} will be rebuilt by the next ${run}`);
  }
  if (repaired.kept > 0) say(`${plural(repaired.kept, 'table')} of earlier versions rebuilt`);
  if (repaired.landed > 0) say(`${plural(repaired.landed, 'landed object')} fetched again`);
  const sampled = report.sample === 'all' ? 'all days' : `${plural(report.sample, 'day')} of each`;
  const audited = [
    report.series > 0 || report.streams === 0 ? plural(report.series, 'series', 'series') : [],
    report.streams > 0 ? plural(report.streams, 'stream') : [],
  ].flat();
  say(`audit ${report.auditId} of ${audited.join(' and ')}, ${sampled}, seed ${report.seed}`);
  say(
    `${plural(report.objects, 'object')} checked, ${plural(total, 'finding')}: ` +
      `${counts.wrong} wrong, ${counts.differs} differ, ${counts.note} to note`,
  );
  return `${lines.join('\n')}\n`;
}

function findingLines(finding: Finding, width: number): string[] {
  const { severity, check, series, place, what, expected, found, rule } = finding;
  const told = [
    `${check}  ${series}  ${shortPlace(place)}`,
    what,
    `expected ${shortHash(expected)}, found ${shortHash(found)}`,
    ...(rule === undefined ? [] : [`rule: ${rule}`]),
  ];
  const indent = ' '.repeat(SEVERITY_WIDTH);
  const lines = told.flatMap((line) => wrap(`${indent}${line}`, width, SEVERITY_WIDTH + 2));
  return [severity.padEnd(SEVERITY_WIDTH) + lines[0]!.slice(SEVERITY_WIDTH), ...lines.slice(1)];
}

/** Returns the end of a key, without the folders that the series' name contains already. */
function shortPlace(place: string): string {
  return shortHash(
    place.replace(/^[a-z_]+(\/klines|\/streams\/[a-z_]+)?\/market=[^/]+\/(symbol=[^/]+\/)?(interval=[^/]+\/)?/, ''),
  );
}

/** Shortens hashes to twelve digits, which are enough to tell them apart. The report has them whole. */
function shortHash(text: string): string {
  return text.replaceAll(/\b([0-9a-f]{12})[0-9a-f]{52}\b/g, '$1…');
}
