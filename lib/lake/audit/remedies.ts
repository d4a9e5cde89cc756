import { isStream, type Subject } from '../../domain/subject.ts';
import type { AuditContext } from './audit-context.ts';

export const BY_HAND = 'remove it by hand';

function runOf(subject: Subject): string {
  return isStream(subject) ? 'npx lake run --streams' : 'npx lake run';
}

/** Returns the remedy for a shard that the next run rebuilds anyway. */
export function rerunRemedy(subject: Subject): string {
  return `${runOf(subject)} makes it again from what landed`;
}

/**
 * Returns the remedy for a damaged shard. An audit that repairs has voided its manifest, so only a run is left to do.
 */
export function shardRemedy(subject: Subject, repair: boolean | undefined): string {
  return repair ? rerunRemedy(subject) : `npx lake audit --repair, then ${runOf(subject)}`;
}

/** Returns the remedy for a damaged landing object. An audit that repairs reports what is lost as another finding. */
export function landingRemedy({ repair }: Pick<AuditContext, 'repair'>): string {
  return repair ? '' : 'npx lake audit --repair fetches it again where the exchange still has these bytes';
}
