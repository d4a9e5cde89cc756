import type { Stream } from '../../../domain/stream.ts';
import { isOfSnapshots } from '../../../domain/subject-times.ts';
import { ANSWER_READER } from './answer-reader.ts';
import { SNAPSHOT_READER } from './snapshot-reader.ts';
import type { StreamReader } from './stream-reader.ts';

/** Returns the reader of a stream: of sightings, or of archive files and answers of REST. */
export function readerOf(stream: Stream): StreamReader {
  return isOfSnapshots(stream) ? SNAPSHOT_READER : ANSWER_READER;
}
