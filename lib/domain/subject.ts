import { type Series, seriesName } from './series.ts';
import { type Stream, streamTitle } from './stream.ts';

/** A series of candles or a stream, which has a name. Each has landing objects, shards and manifests of its own. */
export type Subject = Series | Stream;

/** The field by which records such as chunks and receipts name their subject. */
export type About<S extends Subject = Subject> = S extends Stream ? { readonly stream: S } : { readonly series: S };
/** A record about a series or a stream. */
export type AboutAny = { readonly stream: Subject } | { readonly series: Subject };

/** Returns true for a stream, false for a series of candles. */
export function isStream(subject: Subject): subject is Stream {
  return 'name' in subject;
}

/** Returns the subject that a record names. */
export function subjectOf(record: AboutAny): Subject {
  return 'stream' in record ? record.stream : record.series;
}

/** Returns the field that names this subject in a record. */
export function about<S extends Subject>(subject: S): About<S>;
export function about(subject: Subject): About {
  return isStream(subject) ? { stream: subject } : { series: subject };
}

/** `um/BTCUSDT/15m` or `funding um/BTCUSDT`: the name in messages and reports. */
export function subjectName(subject: Subject): string {
  return isStream(subject) ? streamTitle(subject) : seriesName(subject);
}

/** The Hive folders of a subject: `market=um/symbol=BTCUSDT/interval=15m`, as many of them as it has. */
export function subjectPath({ market, symbol, interval }: Subject): string {
  const folders = [`market=${market}`];
  if (symbol !== undefined) folders.push(`symbol=${symbol}`);
  if (interval !== undefined) folders.push(`interval=${interval}`);
  return folders.join('/');
}
