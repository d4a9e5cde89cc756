import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Answer, refusal, send } from './answer.ts';
import { archiveApi } from './archive-api.ts';
import { ArchiveHistory } from './archive-history.ts';
import type { ArchiveFormat } from './archive-zip.ts';
import type { CandleSource } from './candle-source.ts';
import type { Fault } from './fault.ts';
import { Faults } from './faults.ts';
import { noSuchKeyXml } from './listing-xml.ts';
import { restApi } from './rest-api.ts';
import { seededCandles } from './seeded-candles.ts';
import type { StreamKind } from './stream-kind.ts';

export interface ExchangeOptions extends Partial<ArchiveFormat> {
  /** The source of the candles. Default: seeded ones with `seed` (1). */
  readonly candles?: CandleSource;
  readonly seed?: number;
  /**
   * The exchange's time, epoch ms: an instant at which it stands still, or a function. Default: the machine's.
   */
  readonly nowMs?: number | (() => number);
  /** TCP port on 127.0.0.1; any free one where left out. */
  readonly port?: number;
  /** REST budget of weight per clock minute and market; 2400 where left out. */
  readonly weightLimit?: number;
  readonly faults?: readonly Fault[];
  /** Files other than candles that the archive does not have. */
  readonly withdrawn?: readonly StreamKind[];
}

interface LoggedRequest {
  readonly method: string;
  /** Path and query, percent-decoded. */
  readonly path: string;
  /** Status of the answer, or 0 without an answer. */
  readonly status: number;
  /** REST weight it cost. */
  readonly weight: number;
}

/** A running exchange. */
export interface Exchange {
  /** Base URL of everything: archive, listing and REST. No slash at the end. */
  readonly url: string;
  /** Every request so far, in the order of their answers. */
  readonly requests: LoggedRequest[];
  /** The faults. More can be added at any time. */
  readonly faults: Faults;
  /** The later changes of archive files. More can be added at any time. */
  readonly history: ArchiveHistory;
  /** The exchange's time. */
  nowMs(): number;
  /** Stops at once, cutting open connections. */
  close(): Promise<void>;
}

/** Starts a server that speaks Binance's archive and REST API, on 127.0.0.1. */
export async function startExchange(options: ExchangeOptions = {}): Promise<Exchange> {
  const candles = options.candles ?? seededCandles(options.seed);
  const source = options.withdrawn ? { ...candles, withdrawn: options.withdrawn } : candles;
  const fixed = options.nowMs;
  const now = typeof fixed === 'function' ? fixed : () => fixed ?? Date.now();
  const weightLimit = options.weightLimit ?? 2400;
  const format = { header: options.header ?? 'by_date', spotMicroseconds: options.spotMicroseconds ?? 'by_date' };
  const faults = new Faults();
  faults.add(...(options.faults ?? []));
  const requests: LoggedRequest[] = [];
  const history = new ArchiveHistory();
  const archive = archiveApi(source, format, faults, history, now);
  const rest = restApi(source, faults, now, weightLimit);

  async function handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(message.url ?? '/', 'http://exchange');
    const request = { method: message.method ?? 'GET', path: decode(message.url ?? '/') };
    const log = (answer?: Answer) =>
      requests.push({ ...request, status: answer?.status ?? 0, weight: answer?.weight ?? 0 });
    const fault = faults.takeTransport(request);
    if (fault?.kind === 'reset') {
      log();
      message.socket.resetAndDestroy();
    } else if (fault?.kind === 'stall') {
      log();
    } else {
      const answer =
        fault?.kind === 'status'
          ? withHeaders(refusal(fault, weightLimit), rest.headersOf(url))
          : await route(url, request);
      log(answer);
      await send(message, response, withHeaders(answer, { date: new Date(now()).toUTCString() }), fault);
    }
  }

  async function route(url: URL, request: { method: string; path: string }): Promise<Answer> {
    if (request.method !== 'GET' && request.method !== 'HEAD') return { status: 405, headers: {}, body: '' };
    if (url.pathname === '/') return archive.list(url.searchParams);
    if (url.pathname.startsWith('/data/')) return archive.get({ ...request, path: decode(url.pathname) });
    return rest.get(url, request) ?? { status: 404, headers: {}, body: noSuchKeyXml(url.pathname.slice(1)) };
  }

  const server = createServer((message, response) => {
    handle(message, response).catch((error: unknown) => {
      // A bug of the simulation must not look like misbehaviour of the exchange.
      console.error('simulated exchange failed', error);
      response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    faults,
    history,
    nowMs: now,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

function withHeaders(answer: Answer, headers: Record<string, string>): Answer {
  return { ...answer, headers: { ...headers, ...answer.headers } };
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path.replaceAll('+', ' '));
  } catch {
    return path;
  }
}
