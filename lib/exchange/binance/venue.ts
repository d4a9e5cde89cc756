import { STREAM_NAMES, STREAM_TABLE } from '../../domain/stream-table.ts';
import { isStream } from '../../domain/subject.ts';
import { isOfSnapshots } from '../../domain/subject-times.ts';
import type { Venue } from '../venue.ts';
import { getChecksum, getVerified } from './archive-file.ts';
import { archiveListing } from './archive-listing.ts';
import { archivePath, archiveSources, hasDailyArchive } from './archive-path.ts';
import { askServerTime, askSymbols } from './exchange-info.ts';
import { binanceMarket } from './markets.ts';
import { restUrl } from './rest.ts';
import { getPage, pagesCost, restKeptMs } from './rest-page.ts';
import { ROUTES, waitSec } from './routes.ts';
import { getSnapshot, snapshotCost } from './snapshot.ts';
import { SOURCES } from './sources.ts';

/** Binance: archive and REST. */
export const BINANCE: Venue = {
  probeUrls: (market, urls) => ({
    rest: restUrl(market, ROUTES.time, urls),
    archive: `${urls[market].archiveListing}/?prefix=data/&max-keys=1`,
  }),
  askServerTime,
  askSymbols,
  isNameInWholeMarket: (market, symbol) => binanceMarket(market).isNameInWholeMarket(symbol),
  streamsOf: (market, symbol) =>
    STREAM_NAMES.filter(
      (name) => STREAM_TABLE[name].of !== 'market' && SOURCES[name].has(binanceMarket(market), symbol),
    ),
  archiveListing,
  archiveSources,
  hasDailyArchive,
  archivePath,
  getVerified,
  getChecksum: async (market, path, access) => (await getChecksum(market, path, access)).value,
  getPage,
  getSnapshot,
  restKeptMs,
  restCost: (of, window) => (isStream(of) && isOfSnapshots(of) ? snapshotCost(of.market) : pagesCost(of, window)),
  waitSec,
};
