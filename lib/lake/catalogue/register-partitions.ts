import { sumOf } from '../../domain/sum-of.ts';
import type { Catalogue, Partition } from '../../ports.ts';
import type { Failure } from './contract.ts';

/** The partitions that one table of the run has. */
export interface TablePartitions {
  readonly table: string;
  readonly partitions: readonly Partition[];
}

export interface Registered {
  readonly added: number;
  /** Tables that the catalogue refused, each with its error. The other tables have their partitions. */
  readonly failures: readonly Failure[];
}

/**
 * Adds the partitions of all tables, side by side. A refusal of one table is a failure of the run and stops no other.
 */
export async function registerPartitions(
  catalogue: Catalogue,
  tables: readonly TablePartitions[],
): Promise<Registered> {
  const results = await Promise.allSettled(
    tables.map(({ table, partitions }) => catalogue.addPartitions(table, partitions)),
  );
  const failures = results.flatMap((result, index): Failure[] => {
    if (result.status === 'fulfilled') return [];
    const { name, message } = result.reason as Error;
    return [{ stage: 'catalogue', name: `partitions of ${tables[index]!.table}`, error: name, message }];
  });
  return { added: sumOf(results, (one) => (one.status === 'fulfilled' ? one.value : 0)), failures };
}

/** The failure in a report that is written before the tables are asked. The final report replaces it. */
export const NOT_YET_REGISTERED: Failure = {
  stage: 'catalogue',
  name: 'partitions',
  error: 'NotRegistered',
  message: 'the run ended before the tables had them',
};
