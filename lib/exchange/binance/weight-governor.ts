import { ExchangeBusy } from '../../domain/errors.ts';
import type { Clock, HttpAnswer } from '../../ports.ts';

/** The exchange's budget a minute and address (USDⓈ-M; spot allows more); we stay under half, for others share the address. */
const BUDGET_PER_MINUTE = 2_400;
const MINUTE_MS = 60_000;
/** The window is the exchange's clock minute, whose clock need not be ours. */
const CLOCK_MARGIN_MS = 500;
/** Bans last from two minutes to three days. */
const SHORTEST_BAN_SEC = 120;
const LONGEST_BAN_SEC = 3 * 86_400;
/** A longer pause is not waited for here. */
const LONGEST_PAUSE_SEC = 60;

/** The exchange does not want to hear from this address for now (418): asking again makes it longer. */
export class Banned extends ExchangeBusy {}

/** Keeps one process within the exchange's request weight. One for each process; hosts are counted apart. */
export interface WeightGovernor {
  /** Resolves when a request of that weight may go. @throws Banned (an ExchangeBusy) while the exchange has banned us. */
  admit(host: string, weight: number): Promise<void>;
  /** Learns from an answer: the weight used, a pause asked for (429), a ban (418). */
  observe(host: string, answer: HttpAnswer): void;
  /** Seconds that an answer (429, 418) asks us to stay away, where it says so. */
  retryAfterSec(answer: HttpAnswer): number | undefined;
}

interface HostState {
  /** The window, such as a clock minute, that `used` counts. */
  window: number;
  used: number;
  bannedUntilMs: number;
  /** Set while requests wait, so that all wait for the same moment. */
  waiting: Promise<void> | undefined;
}

/** `windowMs` is what the exchange counts by: the clock minute, but for routes that it counts apart. */
export function weightGovernor(
  clock: Clock,
  limitPerWindow: number = BUDGET_PER_MINUTE / 2,
  windowMs: number = MINUTE_MS,
): WeightGovernor {
  const hosts = new Map<string, HostState>();

  function windowNow(): number {
    return Math.floor(clock.nowMs() / windowMs);
  }

  function stateOf(host: string): HostState {
    const state = hosts.get(host) ?? { window: windowNow(), used: 0, bannedUntilMs: 0, waiting: undefined };
    hosts.set(host, state);
    if (windowNow() !== state.window) Object.assign(state, { window: windowNow(), used: 0 });
    return state;
  }

  /** Waits, and then counts anew: the window is over, or the exchange said that we may ask again. */
  async function pause(state: HostState, ms: number): Promise<void> {
    await clock.sleep(ms);
    Object.assign(state, { window: windowNow(), used: 0, waiting: undefined });
  }

  async function nextWindow(state: HostState): Promise<void> {
    const nowMs = clock.nowMs();
    const restMs = windowMs - (nowMs % windowMs) + CLOCK_MARGIN_MS;
    await clock.sleep(restMs);
    // A clock set to stand still cannot tell that the window is over: a whole one certainly is.
    await pause(state, clock.nowMs() === nowMs ? Math.max(0, windowMs - restMs) : 0);
  }

  function retryAfterSec(answer: HttpAnswer): number | undefined {
    const header = Number(answer.headers['retry-after']);
    if (header > 0) return header;
    const until = /banned until (\d{13})/.exec(new TextDecoder().decode(answer.body.subarray(0, 2_000)))?.[1];
    if (until !== undefined) return Math.max(1, Math.ceil((Number(until) - clock.nowMs()) / 1000));
    return answer.status === 418 ? SHORTEST_BAN_SEC : undefined;
  }

  return {
    async admit(host, weight) {
      for (;;) {
        const state = stateOf(host);
        const bannedSec = Math.ceil((state.bannedUntilMs - clock.nowMs()) / 1000);
        if (bannedSec > 0) {
          throw new Banned(`${host} wants no request from this address for ${bannedSec} s more`, {
            retryAfterSec: bannedSec,
          });
        }
        if (!state.waiting) {
          // Even a weight above the limit goes when nothing else does.
          if (state.used === 0 || state.used + weight <= limitPerWindow) {
            state.used += weight;
            return;
          }
          state.waiting = nextWindow(state);
        }
        await state.waiting;
      }
    },

    observe(host, answer) {
      const state = stateOf(host);
      // Absent or -1 at times; and it counts strangers' requests from this address too.
      const used = Number(answer.headers['x-mbx-used-weight-1m'] ?? Number.NaN);
      if (used > state.used) state.used = used;
      if (answer.status !== 429 && answer.status !== 418) return;
      const seconds = retryAfterSec(answer);
      if (seconds === undefined) state.used = Math.max(state.used, limitPerWindow);
      else if (answer.status === 429 && seconds <= LONGEST_PAUSE_SEC) state.waiting ??= pause(state, seconds * 1000);
      else state.bannedUntilMs = clock.nowMs() + Math.min(seconds, LONGEST_BAN_SEC) * 1000;
    },

    retryAfterSec,
  };
}
