import type { ObjectStore } from '../ports.ts';
import type { ContextObject, DistributedMapState } from './definition.ts';
import { fillTemplate } from './state-machine.ts';

/** The end of one child of a map: its output, or its error. */
export interface ChildResult {
  readonly name: string;
  readonly input: unknown;
  readonly output?: unknown;
  readonly error?: string;
  readonly cause?: string;
}

/**
 * Returns the output of the map. If it has a ResultWriter, the children's results are written to the store as the
 * service writes them (a manifest and one file per outcome), and the output is their place. Otherwise the output is the
 * children's outputs.
 */
export async function writeResults(
  { ResultWriter }: DistributedMapState,
  results: readonly ChildResult[],
  input: unknown,
  context: ContextObject,
  store: ObjectStore,
): Promise<unknown> {
  if (!ResultWriter) return results.filter(({ error }) => error === undefined).map(({ output }) => output);
  const { Bucket, Prefix } = await fillTemplate<{ Bucket: string; Prefix: string }>(
    ResultWriter.Parameters,
    input,
    context,
  );
  // The service puts the map run's UUID here.
  const folder = `${Prefix}/local`;
  const write = (name: string, value: unknown) =>
    store.put(`${folder}/${name}`, new TextEncoder().encode(JSON.stringify(value)));

  const succeeded = results.filter(({ error }) => error === undefined).map(describe);
  const failed = results.filter(({ error }) => error !== undefined).map(describe);
  const files = { SUCCEEDED: succeeded, FAILED: failed };
  const resultFiles: Record<string, { Key: string }[]> = { SUCCEEDED: [], FAILED: [], PENDING: [] };
  for (const [outcome, children] of Object.entries(files)) {
    if (children.length === 0) continue;
    await write(`${outcome}_0.json`, children);
    resultFiles[outcome]!.push({ Key: `${folder}/${outcome}_0.json` });
  }
  await write('manifest.json', { DestinationBucket: Bucket, ResultFiles: resultFiles });
  return { ResultWriterDetails: { Bucket, Key: `${folder}/manifest.json` } };
}

function describe({ name, input, output, error, cause }: ChildResult): Record<string, unknown> {
  const shared = { Name: name, Input: JSON.stringify(input) };
  if (error !== undefined) return { ...shared, Status: 'FAILED', Error: error, Cause: cause };
  return { ...shared, Status: 'SUCCEEDED', Output: JSON.stringify(output) };
}
