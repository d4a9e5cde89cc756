import { readEnvironment } from '../../adapters/environment.ts';
import { planLake } from '../../app/plan-lake.ts';
import { printResult, type Terminal } from '../terminal.ts';
import { formatPlan } from './format-plan.ts';
import { type RequestOptions, requestOf } from './request-options.ts';

/** `lake plan`: prints what a run would fetch, compute and cost. Writes nothing. */
export async function planCommand(options: RequestOptions, terminal: Terminal): Promise<number> {
  const environment = readEnvironment(terminal.variables);
  const plan = await planLake(requestOf(options), environment, (notice) => terminal.err.write(`${notice}\n`));
  const result = { ...plan, ...(plan.market === 'sim' && { simulated: true }) };
  printResult(terminal, options, result, () => formatPlan(plan, options.lake ?? environment.lake));
  return 0;
}
