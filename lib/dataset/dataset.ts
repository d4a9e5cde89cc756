import { BadInput } from '../domain/errors.ts';
import { isoTime } from '../domain/time-range.ts';
import type { ObjectStore } from '../ports.ts';
import type { DatasetManifest, EncodeTable, LabelNote } from './contract.ts';
import { divide } from './divide.ts';
import type { DatasetIdentity } from './identify.ts';
import { classesOf, labelRow, labelSource } from './label-source.ts';
import { joinParts } from './pack-part.ts';
import { columnNotes } from './pack-schema.ts';
import { writePack } from './write-pack.ts';

interface DatasetContext {
  readonly store: ObjectStore;
  /** The store that receives the pack: a folder or a bucket of its own. */
  readonly out: ObjectStore;
  /** sha256 of the code that decides what is in a pack. */
  readonly codeHash: string;
  readonly encodeTable: EncodeTable;
}

const MANIFEST = 'manifest.json';

/**
 * Writes a training pack: `data/<symbol>-<period>.parquet`, `scaling.parquet`, and `manifest.json` last. The bytes are
 * a function of the rows that are used, the code and the request. If the pack is there, it is written again to the same
 * bytes.
 * @throws BadInput if the place holds another pack or anything else, or a fold has too few rows
 */
export async function makePack(identity: DatasetIdentity, context: DatasetContext): Promise<DatasetManifest> {
  const { id, request, parts, features, inputs, cut, nulls } = identity;
  const { store, out, encodeTable } = context;
  await assertFree(out, id);
  const division = divide(identity);
  await putJson(out, { id, complete: false });
  const files = await writePack({ store, out, encodeTable, request, features, parts, division });
  const { blocks, reports, holdOut, roles } = division;
  const label = joinParts(parts, (part) => part.label);
  const manifest: DatasetManifest = {
    id,
    complete: true,
    request,
    codeHash: context.codeHash,
    inputs,
    features: features.map(({ name }) => name),
    columns: columnNotes(request, [...roles.keys()]),
    label: labelNote(identity, label),
    rows: label.length,
    unlabelled: label.filter(Number.isNaN).length,
    cut,
    nulls,
    blocks: blocks.map(({ fromMs, lastMs, rows }) => ({ first: isoTime(fromMs), last: isoTime(lastMs), rows })),
    folds: reports,
    ...(holdOut && { holdOut }),
    files,
  };
  await putJson(out, manifest);
  return manifest;
}

function labelNote({ request }: DatasetIdentity, label: Float64Array): LabelNote {
  const { label: column } = request;
  const classes = classesOf(column)?.map(({ value, meaning }, number) => {
    return { class: number, value, meaning, rows: label.filter((one) => one === value).length };
  });
  return { column, ...labelSource(column), meaning: labelRow(column).meaning, ...(classes && { classes }) };
}

/** @throws BadInput if something other than this pack is there */
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
