import type { PlannedSeries } from '../plan/contract.ts';
import type { AwsUse } from './prices.ts';

/** What an audit reads: series and streams, objects of the lake, and files whose checksum the archive is asked for. */
export interface AuditWork {
  readonly parts: number;
  readonly objects: number;
  readonly files: number;
}

/** Assumed, 2026-11: no audit on AWS has been billed yet. Eight objects at once, and four questions to the archive. */
const AUDIT_SECONDS = { perPart: 0.7, perObject: 0.01, perFile: 0.05 } as const;
/** A gibibyte of memory; start, task and end of a child; a dozen listings and a report. */
const AUDIT_OF_A_PART = { gib: 1, transitions: 3, puts: 13 } as const;

/** Returns what an audit uses on AWS. */
export function auditUse({ parts, objects, files }: AuditWork): AwsUse {
  const { perPart, perObject, perFile } = AUDIT_SECONDS;
  return {
    gbSeconds: AUDIT_OF_A_PART.gib * (parts * perPart + objects * perObject + files * perFile),
    invocations: parts + 2,
    transitions: parts * AUDIT_OF_A_PART.transitions + 6,
    puts: parts * AUDIT_OF_A_PART.puts,
    gets: objects,
  };
}

/** Returns what a weekly audit of planned series reads, once all that they want has landed. */
export function auditWork(series: readonly PlannedSeries[]): AuditWork {
  const chunks = series.reduce((sum, { wantedChunks }) => sum + wantedChunks, 0);
  const shards = series.reduce((sum, { periods }) => sum + periods.length, 0);
  return { parts: series.length, objects: 2 * chunks + OBJECTS_OF_A_SHARD * shards, files: chunks };
}

/** Four tables, checkpoint, manifest, record of the version. */
const OBJECTS_OF_A_SHARD = 7;
