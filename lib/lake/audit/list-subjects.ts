import { parseSeriesPath, type Series, seriesName } from '../../domain/series.ts';
import { isSelected, type SeriesWords } from '../../domain/series-filter.ts';
import { type Stream, streamTitle } from '../../domain/stream.ts';
import { STREAM_NAMES } from '../../domain/stream-table.ts';
import type { Subject } from '../../domain/subject.ts';
import type { ObjectStore } from '../../ports.ts';
import { parseStreamPath } from '../stream-keys.ts';

/**
 * Lists the series of the lake that the request names, by name. A series is found by its manifests, its candles and its
 * landing objects, so that one without manifests is audited too.
 */
export function listSeries(store: ObjectStore, request: SeriesWords): Promise<Series[]> {
  const prefixes = ['manifests/', 'candles/', 'landing/klines/'];
  return list(store, request, prefixes, (rest) => readPath(rest.split('/').slice(0, 3).join('/')), seriesName);
}

/**
 * Lists the streams of the lake that the request names, by name. A request of symbols names no instruments, which are
 * of a whole market. A request of an interval names mark candles only.
 */
export async function listStreams(store: ObjectStore, request: SeriesWords): Promise<Stream[]> {
  const streams: Stream[] = [];
  for (const name of STREAM_NAMES) {
    const prefixes = [`manifests/streams/${name}/`, `${name}/`, `landing/streams/${name}/`];
    streams.push(...(await list(store, request, prefixes, (rest) => parseStreamPath(name, rest), streamTitle)));
  }
  return streams.sort((a, b) => (streamTitle(a) < streamTitle(b) ? -1 : 1));
}

/** @param parse reads the subject from the part of a key after its prefix */
async function list<S extends Subject>(
  store: ObjectStore,
  request: SeriesWords,
  prefixes: readonly string[],
  parse: (rest: string) => S | undefined,
  nameOf: (subject: S) => string,
): Promise<S[]> {
  const found = new Map<string, S>();
  for (const prefix of prefixes) {
    let last = '';
    for (const { key } of await store.list(prefix)) {
      const rest = key.slice(prefix.length);
      const folder = rest.replace(/\/(period|source|open|part)=.*/, '');
      if (folder === last) continue;
      last = folder;
      const subject = parse(rest);
      if (subject && isSelected(request, subject)) found.set(nameOf(subject), subject);
    }
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, subject]) => subject);
}

/** Returns undefined for a folder that is not of a series. */
function readPath(path: string): Series | undefined {
  try {
    return parseSeriesPath(path);
  } catch {
    return undefined;
  }
}
