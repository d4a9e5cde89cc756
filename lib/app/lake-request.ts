import type { Environment } from '../adapters/environment.ts';
import { BadInput } from '../domain/errors.ts';
import { DEFAULT_WATCH_LIST } from '../domain/watch-list.ts';
import type { PlanRequest } from '../lake/plan/contract.ts';
import { parseRequest } from '../lake/plan/plan-request.ts';
import type { PrunableStore } from '../ports.ts';
import { type ChosenExchange, chooseExchange } from './choose-exchange.ts';
import { holdsReal } from './held-markets.ts';
import { assertWritable, openStore } from './open-lake.ts';

/** A run or a plan that is wanted. */
export interface LakeRequest {
  /** The words of the request. Without a market, the exchange decides: `um`, or `sim` for simulated candles. */
  readonly request: PlanRequest;
  /** Folder or `s3://bucket`. If it is left out, the environment decides. */
  readonly lake?: string | undefined;
  /** One of `EXCHANGE_CHOICES`; `auto` if it is left out. */
  readonly source?: string | undefined;
  /** Most US dollars that the run may be expected to cost on AWS. */
  readonly maxUsd?: number | undefined;
}

/** A request with all that it needs. The caller closes `exchange`. */
export interface OpenRequest {
  readonly lake: string;
  readonly store: PrunableStore;
  readonly exchange: ChosenExchange;
  /** The request with its market. */
  readonly request: PlanRequest;
}

/**
 * Checks a request and opens its lake and its exchange. Nothing is sent to the exchange before the request is checked.
 * @throws BadInput if a word of the request is wrong, if the lake of a run cannot be written, or if simulated candles
 *   are wanted in a bucket, because Athena's views could not leave them out beside real ones
 * @throws ExchangeBusy if the exchange is out of reach
 */
export async function openRequest(
  command: 'run' | 'plan',
  { request, lake: place, source = 'auto' }: LakeRequest,
  environment: Environment,
): Promise<OpenRequest> {
  parseRequest({ market: 'um', ...request }, DEFAULT_WATCH_LIST);
  const lake = place ?? environment.lake;
  if (command === 'run') assertWritable(lake);
  const store = await openStore(lake);
  const { market, archiveOnly } = request;
  const isBucket = lake.startsWith('s3://');
  if (isBucket && (source === 'simulated' || market === 'sim')) {
    throw new BadInput(`lake of simulated candles must be a folder, got '${lake}'`);
  }
  const allowsSimulated = async () => !isBucket && !(await holdsReal(store));
  const exchange = await chooseExchange(environment, { source, market, archiveOnly, allowsSimulated, command });
  return { lake, store, exchange, request: { ...request, market: exchange.market } };
}
