import { simulatedPart } from '../app/held-markets.ts';
import { openStore } from '../app/open-lake.ts';
import { namesSimulated } from '../query/names-simulated.ts';

/** Said by a command that reads simulated candles although its call did not name them. */
export const ONLY_SIMULATED = 'market sim: this lake holds simulated candles and no others\n';
const LEFT_OUT = 'market sim is left out: its candles are simulated; SQL that names sim reads them\n';

/**
 * A line for a command whose call names no market, about the simulated candles of the lake. Empty if the lake serves
 * none or the call names them. A bucket never holds any.
 * @param sql if the command asks SQL, which leaves simulated candles out of a lake with real ones
 */
export async function simulatedNote(lake: string, market: string | undefined, sql?: string): Promise<string> {
  if (market !== undefined || (sql !== undefined && namesSimulated(sql)) || lake.startsWith('s3://')) return '';
  const part = await simulatedPart(await openStore(lake));
  if (part === 'only') return ONLY_SIMULATED;
  return part === 'both' && sql !== undefined ? LEFT_OUT : '';
}
