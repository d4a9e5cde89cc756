import { BadInput } from '../domain/errors.ts';
import { isoTime } from '../domain/time-range.ts';
import type { FeatureRow } from '../features/feature-row.ts';
import { FEATURES_SCHEMA } from '../features/schema.ts';
import { TABLE } from '../features/table.ts';
import type { ObjectStore } from '../ports.ts';
import { scoreBaselines } from './baselines.ts';
import { blockOf, cutBlocks } from './blocks.ts';
import { type DatasetInput, type DatasetManifest, type DatasetRequest, type EncodeTable, ROLES } from './contract.ts';
import { parseDatasetRequest } from './dataset-request.ts';
import { foldsOver, rolesIn, spansOf } from './folds.ts';
import { type DatasetIdentity, identify, rowsWanted, tooFewRows } from './identify.ts';
import { joinRows, labelSource, readShardRows, type ShardRows, weighOverRows } from './pack-rows.ts';
import { writePack } from './write-pack.ts';

export interface DatasetWorld {
  readonly store: ObjectStore;
  /** Where the pack goes: a folder or a bucket of its own. */
  readonly out: ObjectStore;
  /** sha256 of the code that decides what is in a pack. */
  readonly codeHash: string;
  readonly encodeTable: EncodeTable;
}

const MANIFEST = 'manifest.json';

/**
 * Writes a training pack: `data/<symbol>-<period>.parquet`, `scaling.parquet`, and `manifest.json` last. The bytes are
 * a function of the lake's objects, the code and the request; a pack that stands is written again to the same bytes.
 * @throws BadInput where the request cannot be met, or the place holds another pack or anything else.
 */
export async function dataset(input: DatasetInput, world: DatasetWorld): Promise<DatasetManifest> {
  return makePack(await identify(parseDatasetRequest(input), world), world);
}

/** The same, where it is known already which shards the dataset is made of. */
export async function makePack(identity: DatasetIdentity, world: DatasetWorld): Promise<DatasetManifest> {
  const { id, request, shards, inputs } = identity;
  await assertFree(world.out, id);

  const parts: ShardRows[] = [];
  for (const shard of shards) {
    const rows = await readShardRows(world.store, shard, request);
    if (rows.t0.length > 0) parts.push(rows);
  }
  const source = labelSource(request.label);
  if (source.weight === 'over_rows') weighOverRows(parts);
  const { blocks, block, folds, roles, reports } = divide(parts, request);

  const features = featuresOf(request);
  await putJson(world.out, { id, complete: false });
  const files = await writePack({
    store: world.store,
    out: world.out,
    encodeTable: world.encodeTable,
    label: request.label,
    features,
    parts,
    block,
    folds: folds.map(({ name }) => name),
    roles,
  });
  const manifest: DatasetManifest = {
    id,
    complete: true,
    request,
    codeHash: world.codeHash,
    inputs,
    features: features.map(({ name }) => name),
    label: { column: request.label, ...source },
    rows: block.length,
    blocks: blocks.map(({ fromMs, lastMs, rows }) => ({ first: isoTime(fromMs), last: isoTime(lastMs), rows })),
    folds: reports,
    files,
  };
  await putJson(world.out, manifest);
  return manifest;
}

/** The features of the set, in the order of the table. */
function featuresOf({ set }: DatasetRequest) {
  const rows: readonly FeatureRow[] = TABLE;
  const names = new Set(
    rows.flatMap(({ columns }) => columns.filter(({ sets }) => sets.includes(set)).map(({ name }) => name)),
  );
  return FEATURES_SCHEMA.columns.filter(({ name }) => names.has(name));
}

/** Blocks, folds and what each row is in them, with the baselines of each fold. */
function divide(parts: readonly ShardRows[], request: DatasetRequest) {
  const { label, embargoMs } = request;
  const t0 = joinRows(parts, ({ t0 }) => t0);
  const t1 = joinRows(parts, ({ t1 }) => t1);
  const values = joinRows(parts, ({ label }) => label);
  const direction = Int8Array.from(joinRows(parts, ({ direction }) => Float64Array.from(direction)));
  const count = request.folds + 1;
  const blocks = cutBlocks(t0, count);
  if (!blocks) throw tooFewRows(request, t0.length);
  const block = blockOf(t0, blocks);
  const spans = spansOf(t0, t1, block, count);
  const folds = foldsOver(request.folds);
  const roles = folds.map((fold) => rolesIn(fold, t0, t1, block, spans, embargoMs));
  const reports = folds.map(({ name, kind, testBlocks }, fold) => {
    const rows = (role: number) => roles[fold].reduce((sum, of) => sum + (of === role ? 1 : 0), 0);
    const train = rows(ROLES.train);
    if (train === 0) {
      throw new BadInput(
        `fold ${name} has no training rows left of ${t0.length} with ${rowsWanted(request)}: give a longer range, fewer folds or a ` +
          'shorter embargo',
      );
    }
    const baselines = scoreBaselines(label, values, direction, roles[fold]);
    return { name, kind, testBlocks, train, purged: rows(ROLES.purged), test: rows(ROLES.test), baselines };
  });
  return { blocks, block, folds, roles, reports };
}

/** @throws BadInput where something else than this pack is there. */
async function assertFree(out: ObjectStore, id: string): Promise<void> {
  const bytes = await out.get(MANIFEST);
  if (bytes) {
    const found = foundId(bytes);
    if (found === id) return;
    throw new BadInput(`out ${out.url} holds dataset ${found}, this is ${id}: give another folder or remove that one`);
  }
  const [first] = await out.list('');
  if (first) throw new BadInput(`out ${out.url} must be empty or hold this dataset, got '${first.key}' in it`);
}

function foundId(bytes: Uint8Array): string {
  try {
    return String((JSON.parse(Buffer.from(bytes).toString('utf8')) as { id?: unknown }).id);
  } catch {
    return 'unknown';
  }
}

async function putJson(out: ObjectStore, value: unknown): Promise<void> {
  await out.put(MANIFEST, Buffer.from(`${JSON.stringify(value, null, 2)}\n`));
}
