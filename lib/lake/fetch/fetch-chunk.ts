import type { Source } from '../../domain/chunk.ts';
import { subjectOf } from '../../domain/subject.ts';
import { isOfSnapshots } from '../../domain/subject-times.ts';
import { venueOf } from '../../exchange/venues.ts';
import { type AnyChunk, type LandedObjects, missingRanges } from '../landing/landed-chunks.ts';
import type { FetchContext, Spent } from './contract.ts';
import { fetchSnapshot } from './fetch-snapshot.ts';
import { assertRevision, landAnswer } from './land-answer.ts';

/** Fetches and lands one chunk of candles or of a stream: a file, the missing parts of a window, or a snapshot. */
export function fetchChunk(chunk: AnyChunk, landed: LandedObjects, context: FetchContext): Promise<Spent> {
  if ('stream' in chunk && isOfSnapshots(chunk.stream)) return fetchSnapshot(chunk.stream, context);
  return chunk.source === 'rest' ? fetchWindow(chunk, landed, context) : fetchFile(chunk, chunk.source, context);
}

/** @throws NotPublished if the file is missing, or is not yet the wanted version */
async function fetchFile(chunk: AnyChunk, source: Exclude<Source, 'rest'>, context: FetchContext): Promise<Spent> {
  const subject = subjectOf(chunk);
  const venue = venueOf(subject.market);
  const file = await venue.getVerified(subject.market, venue.archivePath(subject, source, chunk.range), context);
  assertRevision(chunk, file);
  await landAnswer({ chunk, range: chunk.range, ...file }, context);
  return { requests: file.requests, bytes: file.bytes, restWeight: 0 };
}

/**
 * Fetches a REST window page by page. Each page lands as one object for the part of the window that it covers. An empty
 * page lands too, because it is evidence that the exchange has nothing.
 */
async function fetchWindow(chunk: AnyChunk, landed: LandedObjects, context: FetchContext): Promise<Spent> {
  const subject = subjectOf(chunk);
  const spent = { requests: 0, bytes: 0, restWeight: 0 };
  for (const { fromMs, toMs } of missingRanges(chunk, landed)) {
    for (let atMs = fromMs; atMs < toMs; ) {
      const page = await venueOf(subject.market).getPage(subject, { fromMs: atMs, toMs }, context);
      await landAnswer({ chunk, range: page.covered, ...page }, context);
      spent.requests += page.requests;
      spent.bytes += page.bytes;
      spent.restWeight += page.weight;
      atMs = page.covered.toMs;
    }
  }
  return spent;
}
