import type { AuditReport, Finding } from '../audit/contract.ts';
import { auditKey } from '../domain/keys.ts';
import { countText, plural } from './amounts.ts';

const MAX_FINDINGS = 25;
const INDENT = '         ';

/** An audit for people: findings, what to do, and the sum in one line. */
export function auditText(report: AuditReport, lake: string, width: number): string {
  const shown = report.findings.slice(0, MAX_FINDINGS);
  const lines = shown.flatMap((finding) => findingLines(finding, width));
  const total = report.counts.wrong + report.counts.differs + report.counts.note;
  if (total > shown.length)
    lines.push(`… ${countText(total - shown.length)} more in ${lake}/${auditKey(report.auditId)}`);
  for (const { series, message } of report.unaudited) lines.push(clip(`failed   ${series}: ${message}`, width));
  const remedies = [...new Set(report.findings.map((finding) => finding.remedy).filter((remedy) => remedy !== ''))];
  if (remedies.length > 0) lines.push('what to do:', ...remedies.map((remedy) => clip(`  ${remedy}`, width)));
  const { wrong, differs, note } = report.counts;
  const series = plural(report.series, 'series', 'series');
  lines.push(
    ...report.notices.map((notice) => clip(notice, width)),
    `audit ${report.auditId} of ${series}: ${plural(report.samples, 'sample')} compared, seed ${report.seed}`,
    `${plural(report.objects, 'object')} checked, ${plural(total, 'finding')}: ${wrong} wrong, ${differs} differ, ${note} to note`,
  );
  return `${lines.join('\n')}\n`;
}

function findingLines(
  { severity, check, series, place, what, expected, found, rule }: Finding,
  width: number,
): string[] {
  const lines = [
    `${severity.padEnd(INDENT.length)}${check}  ${series}  ${shortPlace(place)}`,
    `${INDENT}${what}`,
    `${INDENT}expected ${shortHash(expected)}, found ${shortHash(found)}`,
  ];
  if (rule !== undefined) lines.push(`${INDENT}rule: ${rule}`);
  return lines.map((line) => clip(line, width));
}

/** The end of a key, without the folders that the series' name says already. */
function shortPlace(place: string): string {
  const named = place.replace(/^[a-z]+(?:\/klines)?\/market=[^/]+\/symbol=[^/]+\/interval=[^/]+\//, '');
  return shortHash(named);
}

function shortHash(text: string): string {
  return text.replaceAll(/\b([0-9a-f]{12})[0-9a-f]{52}\b/g, '$1…');
}

function clip(line: string, width: number): string {
  return line.length > width ? `${line.slice(0, width - 1)}…` : line;
}
