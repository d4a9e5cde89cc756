import type { Clock } from '../ports.ts';
import type { Budget, RequestGovernor } from './access.ts';
import { BudgetMeter } from './budget-meter.ts';

/** Makes the governor of a process. */
export function requestGovernor(clock: Clock): RequestGovernor {
  const meters = new Map<string, BudgetMeter>();

  function meterOf(host: string, budget: Budget): BudgetMeter {
    const name = `${host} ${budget.name}`;
    const known = meters.get(name) ?? new BudgetMeter(clock, host, budget);
    meters.set(name, known);
    return known;
  }

  return {
    async admit(host, charges) {
      for (const { budget, amount } of charges) await meterOf(host, budget).admit(amount);
    },
    observe(host, charges, answer) {
      // A 429 is about the request's own budget, if it has one. Other answers are about the budget of all requests.
      const { budget } = answer.status === 429 ? charges[0]! : charges.at(-1)!;
      const used = budget === charges.at(-1)!.budget ? answer.used : Number.NaN;
      meterOf(host, budget).observe({ ...answer, used });
    },
  };
}
