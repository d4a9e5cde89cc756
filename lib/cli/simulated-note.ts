import { simulatedPart } from '../app/held-markets.ts';
import { openStore } from '../app/open-lake.ts';
import { namesSimulated } from '../query/names-simulated.ts';

/** The note of a command that reads simulated candles although its call did not name them. */
export const ONLY_SIMULATED = 'market sim: this lake holds simulated candles and no others\n';
const LEFT_OUT = 'market sim is left out: its candles are simulated; SQL that names sim reads them\n';

/**
 * Returns a line about the simulated candles of the lake, for a command whose call names no market. Empty if the lake
 * serves no simulated candles or the call names them. A bucket never holds any.
 * @param sql the SQL of the command, if it has any: SQL leaves simulated candles out of a lake with real ones
 */
export async function simulatedNote(lake: string, market: string | undefined, sql?: string): Promise<string> {
  if (market !== undefined || (sql !== undefined && namesSimulated(sql)) || lake.startsWith('s3://')) return '';
  const part = await simulatedPart(await openStore(lake));
  if (part === 'only') return ONLY_SIMULATED;
  return part === 'both' && sql !== undefined ? LEFT_OUT : '';
}
