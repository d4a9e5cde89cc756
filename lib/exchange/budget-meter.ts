import type { Clock } from '../ports.ts';
import type { Budget, BudgetAnswer } from './access.ts';
import { allowance } from './allowance.ts';
import { Banned } from './http-failure.ts';

/** The exchange's clock, which ends a window, may differ from ours by this much. */
const CLOCK_MARGIN_MS = 500;
const LONGEST_BAN_SEC = 3 * 86_400;
/** A longer pause is not waited for here. */
const LONGEST_PAUSE_SEC = 60;

/** Counts one budget of one host. */
export class BudgetMeter {
  private readonly clock: Clock;
  private readonly host: string;
  private readonly windowMs: number;
  private readonly limit: number;
  /** The window that `used` counts, such as a minute of the clock. */
  private window: number;
  private used = 0;
  private bannedUntilMs = 0;
  /** Set while requests wait, so that all wait for the same moment. */
  private waiting: Promise<void> | undefined;

  constructor(clock: Clock, host: string, budget: Budget) {
    this.clock = clock;
    this.host = host;
    this.windowMs = budget.windowMs;
    this.limit = allowance(budget);
    this.window = this.windowNow();
  }

  /** Counts a request, after a pause if the budget is used up. @throws Banned if the exchange wants no request */
  async admit(amount: number): Promise<void> {
    for (;;) {
      this.followClock();
      this.assertAllowed();
      if (!this.waiting) {
        // A request above the limit is sent if nothing else was.
        if (this.used === 0 || this.used + amount <= this.limit) {
          this.used += amount;
          return;
        }
        this.waiting = this.nextWindow();
      }
      await this.waiting;
    }
  }

  /** Takes in what the exchange says about the budget. */
  observe(answer: BudgetAnswer): void {
    this.followClock();
    // The exchange also counts requests of other programs at this address.
    if (answer.used > this.used) this.used = answer.used;
    if (answer.status !== 429 && answer.status !== 418) return;
    const { retryAfterSec: seconds } = answer;
    if (seconds === undefined) this.used = Math.max(this.used, this.limit);
    else if (answer.status === 429 && seconds <= LONGEST_PAUSE_SEC) this.waiting ??= this.pause(seconds * 1000);
    else this.bannedUntilMs = this.clock.nowMs() + Math.min(seconds, LONGEST_BAN_SEC) * 1000;
  }

  private windowNow(): number {
    return Math.floor(this.clock.nowMs() / this.windowMs);
  }

  private followClock(): void {
    if (this.windowNow() !== this.window) this.startWindow();
  }

  private startWindow(): void {
    this.window = this.windowNow();
    this.used = 0;
  }

  private assertAllowed(): void {
    const bannedSec = Math.ceil((this.bannedUntilMs - this.clock.nowMs()) / 1000);
    if (bannedSec <= 0) return;
    throw new Banned(`${this.host} wants no request from this address for ${bannedSec} s more`, {
      retryAfterSec: bannedSec,
    });
  }

  /** Waits, then counts from zero: the window has ended, or the exchange allows requests again. */
  private async pause(ms: number): Promise<void> {
    await this.clock.sleep(ms);
    this.startWindow();
    this.waiting = undefined;
  }

  private async nextWindow(): Promise<void> {
    const nowMs = this.clock.nowMs();
    const restMs = this.windowMs - (nowMs % this.windowMs) + CLOCK_MARGIN_MS;
    await this.clock.sleep(restMs);
    // A clock that stands still does not show the end of the window. A whole window is certainly enough.
    await this.pause(this.clock.nowMs() === nowMs ? Math.max(0, this.windowMs - restMs) : 0);
  }
}
