import type { Chunk, StreamChunk } from '../../domain/chunk.ts';
import type { Series } from '../../domain/series.ts';
import type { Stream } from '../../domain/stream.ts';
import type { ObjectStore } from '../../ports.ts';
import { runKey } from '../keys.ts';

/** One file that the state machine wrote when it caught an error: what it was about, and the error. */
export interface CaughtFailure {
  readonly key: string;
  readonly stage: 'fetch' | 'refine';
  /** The batch that failed; not necessarily all of it, since chunks land one by one. */
  readonly chunks?: readonly Chunk[];
  /** The series that failed. */
  readonly series?: Series;
  /** The chunks of streams that failed, or the stream. */
  readonly streamChunks?: readonly StreamChunk[];
  readonly stream?: Stream;
  readonly error: string;
  readonly message: string;
}

/**
 * Reads `runs/<id>/failures/*.json`, oldest name first. The form depends on where the state machine caught the error
 * (`{stage, item, error: {Error, Cause}}`), so the item and the error are looked for rather than expected: a failure that
 * cannot be read is still a failure.
 */
export async function caughtFailures(store: ObjectStore, runId: string): Promise<CaughtFailure[]> {
  const failures: CaughtFailure[] = [];
  for (const { key } of await store.list(runKey(runId, 'failures/'))) {
    const bytes = await store.get(key);
    if (bytes && key.endsWith('.json')) failures.push(parseFailure(key, new TextDecoder().decode(bytes)));
  }
  return failures;
}

function parseFailure(key: string, text: string): CaughtFailure {
  const parsed = parseJson(text);
  // An SDK integration may have written the JSON as a JSON text.
  const record = typeof parsed === 'string' ? (parseJson(parsed) ?? parsed) : parsed;
  const stage = isObject(record) && record['stage'] === 'refine' ? 'refine' : 'fetch';
  if (record === undefined) return { key, stage, error: 'Unknown', message: oneLine(text) };
  return { key, stage, ...findItem(record), ...findError(record) };
}

/** The first object, outermost first, that has a list of chunks, a series or a stream. */
function findItem(record: unknown): Pick<CaughtFailure, 'chunks' | 'series' | 'streamChunks' | 'stream'> {
  for (let level = [record]; level.length > 0; level = level.flatMap(children)) {
    const batch = level.find((value) => isObject(value) && isChunks(value['chunks']));
    if (isObject(batch)) return { chunks: batch['chunks'] as Chunk[] };
    const item = level.find((value) => isObject(value) && isSeries(value['series']));
    if (isObject(item)) return { series: item['series'] as Series };
    const streams = level.find((value) => isObject(value) && isStreamChunks(value['streamChunks']));
    if (isObject(streams)) return { streamChunks: streams['streamChunks'] as StreamChunk[] };
    const stream = level.find((value) => isObject(value) && isStream(value['stream']));
    if (isObject(stream)) return { stream: stream['stream'] as Stream };
  }
  return {};
}

/** Step Functions gives `{Error, Cause}`, where a Lambda's cause is JSON `{errorType, errorMessage}`. */
function findError(record: unknown): Pick<CaughtFailure, 'error' | 'message'> {
  const outer = isObject(record) ? (record['error'] ?? record['Error'] ?? record) : record;
  const error = isObject(outer) ? outer : { Error: outer, Cause: isObject(record) ? record['Cause'] : undefined };
  const cause = isObject(error['Cause']) ? error['Cause'] : parseJson(error['Cause']);
  const inner = isObject(cause) ? cause : {};
  const name = [inner['errorType'], error['Error'], error['errorType'], error['name']].find(isText);
  const message = [inner['errorMessage'], error['Cause'], error['errorMessage'], error['message']].find(isText);
  return { error: name ?? 'Unknown', message: oneLine(message ?? '') };
}

function children(value: unknown): unknown[] {
  return isObject(value) || Array.isArray(value) ? Object.values(value) : [];
}

function isChunks(value: unknown): boolean {
  return (
    Array.isArray(value) && value.length > 0 && value.every((chunk) => isObject(chunk) && isSeries(chunk['series']))
  );
}

function isSeries(value: unknown): boolean {
  return isObject(value) && isText(value['market']) && isText(value['symbol']) && isText(value['interval']);
}

function isStreamChunks(value: unknown): boolean {
  return (
    Array.isArray(value) && value.length > 0 && value.every((chunk) => isObject(chunk) && isStream(chunk['stream']))
  );
}

function isStream(value: unknown): boolean {
  return isObject(value) && isText(value['name']) && isText(value['market']);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseJson(text: unknown): unknown {
  try {
    return typeof text === 'string' ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}
