import type { AuditWorld } from './world.ts';

/** What mends a damaged shard. Where the audit repairs, a run is all that is left to do. */
export function shardRemedy({ repair }: Pick<AuditWorld, 'repair'>): string {
  return repair ? 'npx lake run makes it again from what landed' : 'npx lake audit --repair, then npx lake run';
}

/** What mends a damaged landing object. A repair that cannot get it back says so in a finding of its own. */
export function landingRemedy({ repair }: Pick<AuditWorld, 'repair'>): string {
  return repair ? '' : 'npx lake audit --repair fetches it again where the exchange still has these bytes';
}
