import type { DistributedMapState } from './definition.ts';

/** True where so many failed children fail the map: more than the count, or more than the percentage, that it tolerates. */
export function exceedsTolerance(
  { ToleratedFailureCount, ToleratedFailurePercentage }: DistributedMapState,
  failed: number,
  total: number,
): boolean {
  if (failed === 0) return false;
  if (ToleratedFailureCount === undefined && ToleratedFailurePercentage === undefined) return true;
  const overCount = ToleratedFailureCount !== undefined && failed > ToleratedFailureCount;
  const overPercentage = ToleratedFailurePercentage !== undefined && failed * 100 > ToleratedFailurePercentage * total;
  return overCount || overPercentage;
}
