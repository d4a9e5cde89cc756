import { CorruptObject } from '../../domain/errors.ts';
import type { ObjectStore } from '../../ports.ts';
import { datasetKey } from '../keys.ts';
import { listDatasetIds, readDatasetRecord } from '../versions/dataset-record.ts';
import type { PartAudit } from './contract.ts';
import { createFindings, differs } from './findings.ts';

const REMEDY =
  'npx lake dataset records it again, --as-of when it was made; or remove it by hand: nothing keeps its tables then';

/** Compares the records of dataset ids, which belong to the whole lake, with their names and their hashes. */
export async function checkDatasets(store: ObjectStore): Promise<PartAudit> {
  const findings = createFindings('lake');
  const ids = await listDatasetIds(store);
  for (const id of ids) {
    try {
      await readDatasetRecord(store, id);
    } catch (error) {
      if (!(error instanceof CorruptObject)) throw error;
      const what = 'record of a dataset id';
      const fault = differs(datasetKey(id), what, 'of the hash and the name that it bears', 'another');
      findings.wrong('datasets', fault, REMEDY);
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
