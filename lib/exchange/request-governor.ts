import type { Clock } from '../ports.ts';
import type { Budget, BudgetAnswer, RequestGovernor } from './access.ts';
import { Banned } from './http-failure.ts';

/** The exchange's clock, which ends a window, may differ from ours by this much. */
const CLOCK_MARGIN_MS = 500;
const LONGEST_BAN_SEC = 3 * 86_400;
/** A longer pause is not waited for here. */
const LONGEST_PAUSE_SEC = 60;

/** Returns the part of a budget that we use: half, because other programs may share the address. */
export function allowance({ limit }: Budget): number {
  return limit / 2;
}

/** Makes the governor of a process. */
export function requestGovernor(clock: Clock): RequestGovernor {
  const meters = new Map<string, Meter>();

  function meterOf(host: string, budget: Budget): Meter {
    const name = `${host} ${budget.name}`;
    const known = meters.get(name) ?? meter(clock, host, budget);
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

/** Counts one budget of one host. */
interface Meter {
  admit(amount: number): Promise<void>;
  observe(answer: BudgetAnswer): void;
}

function meter(clock: Clock, host: string, budget: Budget): Meter {
  const { windowMs } = budget;
  const limit = allowance(budget);
  /** The window that `used` counts, such as a minute of the clock. */
  let window = windowNow();
  let used = 0;
  let bannedUntilMs = 0;
  /** Set while requests wait, so that all wait for the same moment. */
  let waiting: Promise<void> | undefined;

  function windowNow(): number {
    return Math.floor(clock.nowMs() / windowMs);
  }

  function startWindow(): void {
    window = windowNow();
    used = 0;
  }

  /** Waits, then counts from zero: the window has ended, or the exchange allows requests again. */
  async function pause(ms: number): Promise<void> {
    await clock.sleep(ms);
    startWindow();
    waiting = undefined;
  }

  async function nextWindow(): Promise<void> {
    const nowMs = clock.nowMs();
    const restMs = windowMs - (nowMs % windowMs) + CLOCK_MARGIN_MS;
    await clock.sleep(restMs);
    // A clock that stands still does not show the end of the window. A whole window is certainly enough.
    await pause(clock.nowMs() === nowMs ? Math.max(0, windowMs - restMs) : 0);
  }

  return {
    async admit(amount) {
      for (;;) {
        if (windowNow() !== window) startWindow();
        const bannedSec = Math.ceil((bannedUntilMs - clock.nowMs()) / 1000);
        if (bannedSec > 0) {
          throw new Banned(`${host} wants no request from this address for ${bannedSec} s more`, {
            retryAfterSec: bannedSec,
          });
        }
        if (!waiting) {
          // A request above the limit is sent if nothing else was.
          if (used === 0 || used + amount <= limit) {
            used += amount;
            return;
          }
          waiting = nextWindow();
        }
        await waiting;
      }
    },

    observe(answer) {
      if (windowNow() !== window) startWindow();
      // The exchange also counts requests of other programs at this address.
      if (answer.used > used) used = answer.used;
      if (answer.status !== 429 && answer.status !== 418) return;
      const { retryAfterSec: seconds } = answer;
      if (seconds === undefined) used = Math.max(used, limit);
      else if (answer.status === 429 && seconds <= LONGEST_PAUSE_SEC) waiting ??= pause(seconds * 1000);
      else bannedUntilMs = clock.nowMs() + Math.min(seconds, LONGEST_BAN_SEC) * 1000;
    },
  };
}
