import { checkDatasets } from '../../../lib/lake/audit/check-datasets.ts';
import { datasetKey } from '../../../lib/lake/keys.ts';
import { memoryStore } from '../../../lib/lake/memory-store.ts';
import { type DatasetRecord, encodeRecord } from '../../../lib/lake/versions/dataset-record.ts';
import { flip } from '../../support/damage.ts';

const IDS = ['a'.repeat(64), 'b'.repeat(64)] as const;
const recordOf = (id: string) =>
  Buffer.from(encodeRecord({ id, shards: [], codeHash: 'code' } as unknown as DatasetRecord));

test.each<[string, Buffer, number]>([
  ['as it was recorded', recordOf(IDS[1]), 0],
  ['of before records had a hash', Buffer.from(JSON.stringify({ id: IDS[1], shards: [] })), 0],
  ['cut off', recordOf(IDS[1]).subarray(0, 50), 1],
  ['null', Buffer.from('null'), 1],
  ['of another id', recordOf(IDS[0]), 1],
  ['with another bit', flip(90)(recordOf(IDS[1])), 1],
])('the record of a dataset id %s', async (_what, bytes, wrong) => {
  const store = memoryStore();
  await store.put(datasetKey(IDS[0]), recordOf(IDS[0]));
  await store.put(datasetKey(IDS[1]), bytes);
  const { objects, counts, findings } = await checkDatasets(store);
  expect([objects, counts]).toEqual([2, { wrong, differs: 0, note: 0 }]);
  expect(findings.map(({ check, place }) => [check, place])).toEqual(
    wrong === 1 ? [['datasets', datasetKey(IDS[1])]] : [],
  );
});
