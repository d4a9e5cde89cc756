import { isStream } from '../../domain/subject.ts';
import type { Venue } from '../venue.ts';
import { getChecksum, getVerified } from './archive-file.ts';
import { archiveListing } from './archive-listing.ts';
import { archivePath, archiveSources, hasDailyArchive } from './archive-path.ts';
import { askServerTime, askSymbols } from './exchange-info.ts';
import { BINANCE_MARKETS } from './markets.ts';
import { restUrl } from './rest.ts';
import { getPage, pagesCost } from './rest-page.ts';
import { ROUTES, waitSec } from './routes.ts';
import { getSnapshot, snapshotCost } from './snapshot.ts';

/** Binance: archive and REST. */
export const BINANCE: Venue = {
  probeUrls: (market, urls) => ({
    rest: restUrl(market, ROUTES.time, urls),
    archive: `${urls[market].archiveListing}/?prefix=data/&max-keys=1`,
  }),
  askServerTime,
  askSymbols,
  isNameInWholeMarket: (market, symbol) => BINANCE_MARKETS[market].isNameInWholeMarket(symbol),
  streamsOf: (market, symbol) => BINANCE_MARKETS[market].streams(symbol),
  archiveListing,
  archiveSources,
  hasDailyArchive,
  archivePath,
  getVerified,
  getChecksum: async (market, path, access) => (await getChecksum(market, path, access)).value,
  getPage,
  getSnapshot,
  restCost: (of, window) =>
    isStream(of) && of.name === 'instruments' ? snapshotCost(of.market) : pagesCost(of, window),
  waitSec,
};
