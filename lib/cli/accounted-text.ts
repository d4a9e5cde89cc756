import { GAP_CLASSES } from '../domain/gap-class.ts';
import type { SeriesLedger } from '../lake/catalogue/contract.ts';
import { countText } from './amounts.ts';

/** `66 exchange_absent`, `3 archive_hole (healed)`, `12 unknown`, less what was never asked for; empty where there is nothing. */
export function accountedParts({ accounted, unasked }: Pick<SeriesLedger, 'accounted' | 'unasked'>): string[] {
  return GAP_CLASSES.flatMap((kind) => {
    const intervals = (accounted[kind]?.intervals ?? 0) - (kind === 'unknown' ? unasked : 0);
    if (intervals === 0) return [];
    return [`${countText(intervals)} ${kind}${kind === 'archive_hole' ? ' (healed)' : ''}`];
  });
}
