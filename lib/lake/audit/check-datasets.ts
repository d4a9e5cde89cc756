import { CorruptObject } from '../../domain/errors.ts';
import { datasetKey } from '../keys.ts';
import type { PartAudit } from './contract.ts';
import { createFindings } from './findings.ts';
import type { AuditWorld } from './world.ts';

/** Holds the records of dataset ids, which are the whole lake's, against their names and their hashes. */
export async function checkDatasets({ store, readers }: Pick<AuditWorld, 'store' | 'readers'>): Promise<PartAudit> {
  const findings = createFindings('lake');
  const ids = await readers.listDatasetIds(store);
  for (const id of ids) {
    try {
      await readers.readDataset(store, id);
    } catch (error) {
      if (!(error instanceof CorruptObject)) throw error;
      findings.add('datasets', 'wrong', {
        place: datasetKey(id),
        what: 'record of a dataset id',
        expected: 'of the hash and the name that it bears',
        found: 'another',
        remedy:
          'npx lake dataset records it again, --as-of when it was made; or remove it by hand: nothing keeps its tables then',
      });
    }
  }
  return {
    series: 'lake',
    objects: ids.length,
    samples: 0,
    repaired: { shards: 0, kept: 0, landed: 0 },
    findings: findings.kept,
    counts: findings.counts,
    notices: [],
  };
}
