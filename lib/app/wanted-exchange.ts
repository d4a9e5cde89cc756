import type { LakeOptions } from '../cli/lake-options.ts';
import { BadInput } from '../domain/errors.ts';
import type { WantedExchange } from './choose-exchange.ts';
import { holdsReal } from './held-markets.ts';
import { openStore } from './open-lake.ts';

/**
 * The exchange that `lake run` and `lake plan` want by their options.
 * @throws BadInput if simulated candles are wanted in a bucket: Athena's views could not leave them out beside real
 *   ones
 */
export function wantedExchange(command: 'run' | 'plan', options: LakeOptions, lake: string): WantedExchange {
  const { source, market, archiveOnly } = options;
  const isBucket = lake.startsWith('s3://');
  if (isBucket && (source === 'simulated' || market === 'sim')) {
    throw new BadInput(`lake of simulated candles must be a folder, got '${lake}'`);
  }
  return {
    source,
    market,
    archiveOnly,
    allowsSimulated: async () => !isBucket && !(await holdsReal(await openStore(lake))),
    command,
  };
}
