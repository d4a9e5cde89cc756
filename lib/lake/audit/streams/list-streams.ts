import { STREAM_NAMES, type Stream, streamTitle } from '../../../domain/stream.ts';
import type { ObjectStore } from '../../../ports.ts';
import { parseStreamPath } from '../../stream-keys.ts';
import type { AuditRequest } from '../contract.ts';

/**
 * The streams of the lake that the request asks for, by name; a lake that lost their manifests has them still. Who names
 * symbols asks for no instruments, which are of a whole market; who names an interval asks for mark candles alone.
 */
export async function listStreams(store: ObjectStore, request: AuditRequest): Promise<Stream[]> {
  const found = new Map<string, Stream>();
  for (const name of STREAM_NAMES) {
    for (const prefix of [`manifests/streams/${name}/`, `${name}/`, `landing/streams/${name}/`]) {
      let last = '';
      for (const { key } of await store.list(prefix)) {
        const rest = key.slice(prefix.length);
        const path = rest.replace(/\/(period|source|part)=.*/, '');
        if (path === last) continue;
        last = path;
        const stream = parseStreamPath(name, rest);
        if (stream && isAskedFor(stream, request)) found.set(streamTitle(stream), stream);
      }
    }
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, stream]) => stream);
}

function isAskedFor({ market, symbol, interval }: Stream, request: AuditRequest): boolean {
  return (
    (request.market === undefined || request.market === market) &&
    (request.interval === undefined || request.interval === interval) &&
    (request.symbols === undefined || (symbol !== undefined && request.symbols.includes(symbol)))
  );
}
