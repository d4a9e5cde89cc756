/** Returns the evidence of a ledger row in a few words. The table has all of it. */
export function formatEvidence(kind: string, json: string): string {
  const evidence = JSON.parse(json) as Evidence;
  switch (kind) {
    case 'exchange_absent':
      return `asked ${evidence.asked}×, nothing`;
    case 'archive_hole':
      return ['another had it', ...(evidence.failures?.slice(0, 1).map(({ error }) => error) ?? [])].join('; ');
    case 'not_listed':
      return `listed ${minute(evidence.listed)}${keptBack(evidence)}`;
    case 'settled':
      return `${evidence.rule ? 'frozen' : 'settled'} ${minute(evidence.settled)}${keptBack(evidence)}`;
    case 'source_conflict':
      return conflictText(evidence);
    case 'fetch_failed':
      return evidence.failures?.[0]?.error ?? '';
    default:
      return UNKNOWN[evidence.why ?? ''] ?? evidence.why ?? '';
  }
}

interface Evidence {
  readonly asked?: number;
  readonly why?: string;
  readonly listed?: string;
  readonly settled?: string;
  readonly rule?: string;
  readonly rows?: number;
  readonly traded?: number;
  readonly values?: readonly { readonly column: string; readonly kept: number; readonly other: number }[];
  readonly failures?: readonly { readonly error: string }[];
}

const UNKNOWN: Readonly<Record<string, string>> = {
  not_asked: 'not requested yet',
  not_asked_since: 'not requested since',
  rest_not_asked: 'REST not asked',
  no_archive_file: 'no archive file',
};

function keptBack({ rows = 0, traded = 0 }: Evidence): string {
  if (rows === 0) return '';
  return `, ${rows} rows kept back${traded > 0 ? `, ${traded} with trades` : ''}`;
}

function conflictText({ values }: Evidence): string {
  const first = values?.[0];
  return first ? `${first.column} ${first.kept}, not ${first.other}` : '';
}

function minute(iso = ''): string {
  return iso.slice(0, 16).replace('T', ' ');
}
