import type { WantedExchange } from './choose-exchange.ts';
import { holdsReal } from './held-markets.ts';
import { lakeCommand } from './lake-command.ts';
import type { LakeOptions } from './lake-options.ts';
import { openStore } from './open-lake.ts';

/** The exchange that `lake run` and `lake plan` want by their options. */
export function wantedExchange(command: 'run' | 'plan', options: LakeOptions, lake: string): WantedExchange {
  const { source, market, archiveOnly } = options;
  return {
    source,
    market,
    archiveOnly,
    // A bucket is shared and deployed for real candles.
    allowsSimulated: async () => !lake.startsWith('s3://') && !(await holdsReal(await openStore(lake))),
    simulatedCommand: lakeCommand(command, { ...options, market: undefined, source: 'simulated' }),
  };
}
