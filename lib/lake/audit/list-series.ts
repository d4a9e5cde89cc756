import { parseSeriesPath, type Series, seriesName } from '../../domain/series.ts';
import type { ObjectStore } from '../../ports.ts';
import type { AuditRequest } from './contract.ts';

/** Where a series leaves traces: a lake that lost its manifests is no empty lake. */
const PREFIXES = ['manifests/', 'candles/', 'landing/klines/'];

/** The series of the lake that the request asks for, by name. */
export async function listSeries(store: ObjectStore, request: AuditRequest): Promise<Series[]> {
  const found = new Map<string, Series>();
  let last = '';
  for (const prefix of PREFIXES) {
    for (const { key } of await store.list(prefix)) {
      const path = key.slice(prefix.length).split('/').slice(0, 3).join('/');
      if (path === last) continue;
      last = path;
      const series = readPath(path);
      if (series && isAskedFor(series, request)) found.set(seriesName(series), series);
    }
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, series]) => series);
}

/** Undefined for what somebody else has put there. */
function readPath(path: string): Series | undefined {
  try {
    return parseSeriesPath(path);
  } catch {
    return undefined;
  }
}

function isAskedFor({ market, symbol, interval }: Series, request: AuditRequest): boolean {
  return (
    (request.market === undefined || request.market === market) &&
    (request.interval === undefined || request.interval === interval) &&
    (request.symbols === undefined || request.symbols.includes(symbol))
  );
}
