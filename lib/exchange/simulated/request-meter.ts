const MINUTE_MS = 60_000;
const BAN_MS = 2 * MINUTE_MS;

/** The meter's verdict on a request. */
type Verdict =
  | { readonly kind: 'allowed'; readonly usedWeight: number }
  | { readonly kind: 'too_many'; readonly usedWeight: number; readonly retryAfterSec: number }
  | { readonly kind: 'banned'; readonly usedWeight: number; readonly untilMs: number; readonly retryAfterSec: number };

/**
 * Counts request weight as the real exchange was measured to: per clock minute of UTC, not per sliding minute (some
 * routes: requests in five minutes). Who goes on asking after `patience` refusals of one minute is banned for two.
 */
export class RequestMeter {
  readonly limit: number;
  readonly #wallClock: () => number;
  readonly #patience: number;
  readonly #windowMs: number;
  #minute = Number.NaN;
  #used = 0;
  #refusals = 0;
  #bannedUntilMs = 0;

  constructor(limit: number, wallClock: () => number = Date.now, patience = 20, windowMs = MINUTE_MS) {
    this.limit = limit;
    this.#windowMs = windowMs;
    this.#wallClock = wallClock;
    this.#patience = patience;
  }

  /** Weight used in the minute so far. */
  get usedWeight(): number {
    this.#turn();
    return this.#used;
  }

  spend(weight: number): Verdict {
    const nowMs = this.#turn();
    if (nowMs < this.#bannedUntilMs) return this.#banned(nowMs);
    this.#used += weight;
    if (this.#used <= this.limit) return { kind: 'allowed', usedWeight: this.#used };
    if (++this.#refusals > this.#patience) {
      this.#bannedUntilMs = nowMs + BAN_MS;
      return this.#banned(nowMs);
    }
    const retryAfterSec = Math.ceil(((this.#minute + 1) * this.#windowMs - nowMs) / 1000);
    return { kind: 'too_many', usedWeight: this.#used, retryAfterSec };
  }

  #banned(nowMs: number): Verdict {
    const untilMs = this.#bannedUntilMs;
    return { kind: 'banned', usedWeight: this.#used, untilMs, retryAfterSec: Math.ceil((untilMs - nowMs) / 1000) };
  }

  #turn(): number {
    const nowMs = this.#wallClock();
    const minute = Math.floor(nowMs / this.#windowMs);
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.#used = 0;
      this.#refusals = 0;
    }
    return nowMs;
  }
}

/** Weight of a klines request by its `limit`, as measured in October 2026; without one it costs 5. */
export function klinesWeight(limit: number | undefined): number {
  if (limit === undefined) return 5;
  if (limit <= 100) return 1;
  if (limit <= 500) return 2;
  return limit <= 1000 ? 5 : 10;
}
