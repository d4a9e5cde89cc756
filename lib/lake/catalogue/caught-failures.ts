import * as z from 'zod';
import type { ObjectStore } from '../../ports.ts';
import { SERIES, SERIES_CHUNK, STREAM, STREAM_CHUNK } from '../event-schemas.ts';
import { parseJson } from '../json.ts';
import { runKey } from '../keys.ts';

/** The item of a map that failed: a batch, of which some chunks may have landed, or a series or stream. */
const ITEM = z.object({
  chunks: z.array(SERIES_CHUNK).optional(),
  series: SERIES.optional(),
  streamChunks: z.array(STREAM_CHUNK).optional(),
  stream: STREAM.optional(),
});

/** One record, as `recordFailure` of lib/infra has the state machine write it. */
const RECORD = z.object({
  stage: z.enum(['fetch', 'refine']),
  item: ITEM,
  error: z.object({ Error: z.string(), Cause: z.string().optional() }),
});

/** The cause of a Lambda's error, as JSON text. Other causes are plain text. */
const LAMBDA_CAUSE = z.object({ errorMessage: z.string() });

/** A record of an error that the state machine caught. A record that cannot be read has no item. */
export interface CaughtFailure extends z.infer<typeof ITEM> {
  readonly key: string;
  readonly stage: 'fetch' | 'refine';
  readonly error: string;
  readonly message: string;
}

/** Reads `runs/<id>/failures/*.json` in the order of names. A record that cannot be read still counts as a failure. */
export async function caughtFailures(store: ObjectStore, runId: string): Promise<CaughtFailure[]> {
  const failures: CaughtFailure[] = [];
  for (const { key } of await store.list(runKey(runId, 'failures/'))) {
    const bytes = await store.get(key);
    if (bytes && key.endsWith('.json')) failures.push({ key, ...readRecord(bytes) });
  }
  return failures;
}

function readRecord(bytes: Uint8Array): Omit<CaughtFailure, 'key'> {
  const record = parseJson(bytes, RECORD);
  if (typeof record === 'string') {
    return { stage: 'fetch', error: 'Unknown', message: oneLine(new TextDecoder().decode(bytes)) };
  }
  const { stage, item, error } = record;
  return { stage, ...item, error: error.Error, message: oneLine(messageOf(error.Cause ?? '')) };
}

function messageOf(cause: string): string {
  const parsed = parseJson(Buffer.from(cause), LAMBDA_CAUSE);
  return typeof parsed === 'string' ? cause : parsed.errorMessage;
}

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}
