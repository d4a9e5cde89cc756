import { createHttp } from '../../lib/adapters/http.ts';
import { folderObjectStore } from '../../lib/adapters/local/folder-object-store.ts';
import { type Exchange, type ExchangeOptions, startExchange } from '../../lib/exchange/simulated/exchange.ts';
import type { FetchContext } from '../../lib/lake/fetch/fetch-context.ts';
import type { ObjectStore } from '../../lib/ports.ts';
import { exchangeAccess } from './exchange-access.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { testClock } from './test-clock.ts';

/** A lake and an exchange; their fields are those of the test that is running. */
export interface LakeBesideExchange {
  readonly folder: string;
  readonly store: ObjectStore;
  readonly exchange: Exchange;
  /** Puts another exchange in the place of the one that the test began with. */
  restart(options: ExchangeOptions): Promise<void>;
  /** What a stage has of both, with a clock of its own on which sleeping takes no time. */
  world(): FetchContext;
}

/** Gives each test of the file an empty lake in a folder and an exchange at this time. */
export function lakeBesideExchange(nowMs: number): LakeBesideExchange {
  let folder: string;
  let store: ObjectStore;
  let exchange: Exchange;
  beforeEach(async () => {
    folder = temporaryFolder();
    store = folderObjectStore(folder);
    exchange = await startExchange({ nowMs });
  });
  afterEach(() => exchange.close());
  return {
    get folder() {
      return folder;
    },
    get store() {
      return store;
    },
    get exchange() {
      return exchange;
    },
    async restart(options) {
      await exchange.close();
      exchange = await startExchange(options);
    },
    world: () => ({
      ...exchangeAccess(testClock(nowMs), exchange.url, createHttp({ timeoutMs: 2_000 })),
      store,
    }),
  };
}
