import type { Interval } from '../domain/interval.ts';
import type { ListingFact } from '../domain/listing.ts';
import type { Market } from '../domain/market.ts';
import type { Stream } from '../domain/stream.ts';
import type { StreamName } from '../domain/stream-table.ts';
import type { Subject } from '../domain/subject.ts';
import type { TimeRange } from '../domain/time-range.ts';
import type { HttpAnswer } from '../ports.ts';
import type { ArchiveAccess, ExchangeAccess } from './access.ts';
import type { ArchiveFile, ArchiveSource } from './archive-file.ts';
import type { ExchangeUrls } from './markets.ts';

/** An exchange, as the stages of the lake use it. Each has a folder that implements it. */
export interface Venue {
  /** Returns the cheapest URL of REST and of the archive, to see whether they answer at all. */
  probeUrls(market: Market, urls: ExchangeUrls): { readonly rest: string; readonly archive: string };
  /** Asks for the exchange's time. */
  askServerTime(market: Market, access: ExchangeAccess): Promise<ServerTime>;
  /** Asks for all symbols that the exchange lists today. */
  askSymbols(market: Market, access: ExchangeAccess): Promise<ListedSymbol[]>;
  /** Returns whether a symbol that only the archive knows is part of the whole market (`all`). */
  isNameInWholeMarket(market: Market, symbol: string): boolean;
  /** Returns the streams that a symbol has. Those of the whole market are not among them. */
  streamsOf(market: Market, symbol: string): readonly StreamName[];

  /** The archive's listing. */
  archiveListing(access: ArchiveAccess): ArchiveListing;
  /** Returns the sources of the archive that have a stream. */
  archiveSources(stream: Stream): readonly ArchiveSource[];
  /** Returns whether the archive has daily files of an interval. */
  hasDailyArchive(interval: Interval): boolean;
  /** Returns the path of one file below the archive's base URL. */
  archivePath(of: Subject, source: ArchiveSource, range: TimeRange): string;
  /** Fetches one file and compares it with its checksum. */
  getVerified(market: Market, path: string, access: ArchiveAccess): Promise<Fetched>;
  /** Fetches the sha256 that the archive publishes of a file. */
  getChecksum(market: Market, path: string, access: ArchiveAccess): Promise<string>;

  /** Requests the first page of a REST window. */
  getPage(of: Subject, window: TimeRange, access: ExchangeAccess): Promise<RestPage>;
  /** Requests the descriptions of a market's instruments. */
  getSnapshot(market: Market, access: ExchangeAccess): Promise<Snapshot>;
  /** Returns the time for which REST keeps rows: 0 if it has none of them, Infinity if it keeps all. */
  restKeptMs(of: Subject): number;
  /** Returns what fetching a window, or a snapshot, costs. */
  restCost(of: Subject, window: TimeRange): RestCost;
  /** Returns the seconds for which the exchange's budgets hold back requests of these costs. */
  waitSec(costs: readonly RestCost[]): number;
}

/** The exchange's own time and the HTTP date of its answer, in epoch milliseconds. */
export interface ServerTime {
  readonly serverTimeMs: number;
  readonly httpDateMs: number | undefined;
}

/** The parts of a symbol's life that the exchange lists. Spot has no instants. */
export type ListedLife = Pick<ListingFact, 'status' | 'listedMs' | 'settledMs'>;

/** One symbol as the exchange lists it today. */
export interface ListedSymbol {
  readonly symbol: string;
  readonly life: ListedLife;
  /** True if it is part of the whole market (`all`). */
  readonly inWholeMarket: boolean;
}

/** The months whose files are listed: one (`2024-02`), or that month and all after it. */
type MonthFilter = { readonly month: string } | { readonly sinceMonth: string };

export interface ArchiveListing {
  /** Returns the files of a series or stream in time order: all of them, or those of the months. */
  files(of: Subject, source: ArchiveSource, months?: MonthFilter): Promise<ArchiveFile[]>;
  /** Returns the names of all symbols ever archived. */
  symbols(market: Market): Promise<string[]>;
  /** Sends the smallest request, to see whether the archive answers. */
  probe(market: Market): Promise<void>;
}

/** An answer to land. */
export interface Fetched {
  /** The URL without key and signature. */
  readonly url: string;
  readonly answer: HttpAnswer;
  /** Requests that it took, failed ones included. */
  readonly requests: number;
  /** Bytes of all bodies that were received for it. */
  readonly bytes: number;
}

/** An answer of REST, and the weight of its requests. */
export interface RestFetched extends Fetched {
  readonly weight: number;
}

/** One page of a window. */
export interface RestPage extends RestFetched {
  /** The part of the window that the page answers for. It begins where the window does. */
  readonly covered: TimeRange;
}

/** The answers that describe the instruments of a market at one time. */
export interface Snapshot {
  /** The exchange's time in exchangeInfo, which is requested last. */
  readonly seenAtMs: number;
  readonly exchangeInfo: RestFetched;
  /** Undefined if the market has no funding. */
  readonly fundingInfo: RestFetched | undefined;
}

/** Requests, their weight, and the budget that counts them separately. */
export interface RestCost {
  readonly requests: number;
  readonly weight: number;
  readonly budget?: string;
}
