import { BadInput } from './errors.ts';

/** `um` USDⓈ-M futures, `cm` COIN-M futures, `spot`, and `sim` for simulated candles, never mixed with real ones. */
export const MARKETS = ['um', 'cm', 'spot', 'sim'] as const;
export type Market = (typeof MARKETS)[number];

/** The exchanges that a command can be told to use. `auto` is Binance if it is in reach. */
export const EXCHANGE_CHOICES = ['auto', 'binance', 'simulated'] as const;

/** Reads the name of a market. @throws BadInput */
export function parseMarket(text: string): Market {
  const market = MARKETS.find((m) => m === text);
  if (!market) throw new BadInput(`market must be one of ${MARKETS.join(', ')}, got '${text}'`);
  return market;
}
