import { type HoldOut, ROLES } from './contract.ts';

/**
 * Returns what each labelled row is in the hold-out: tested, trained on, or purged because its label, widened by the
 * embargo, reaches into it. Rows of one instant stay together. Without a hold-out all rows are trained on.
 */
export function holdOutRoles(
  holdOut: HoldOut | undefined,
  t0: Float64Array,
  t1: Float64Array,
  embargoMs: number,
): Int8Array {
  const roles = new Int8Array(t0.length).fill(ROLES.train);
  if (!holdOut || t0.length === 0) return roles;
  const sorted = t0.slice().sort();
  const last = sorted[sorted.length - 1];
  const place = Math.min(sorted.length - 1, 'share' in holdOut ? Math.round(sorted.length * (1 - holdOut.share)) : 0);
  const isHeldOut = (time: number) => ('share' in holdOut ? time >= sorted[place] : time > last - holdOut.spanMs);
  const fromMs = sorted.find(isHeldOut)!;
  for (let row = 0; row < roles.length; row++) {
    if (isHeldOut(t0[row])) roles[row] = ROLES.test;
    else if (t1[row] + embargoMs >= fromMs) roles[row] = ROLES.purged;
  }
  return roles;
}
