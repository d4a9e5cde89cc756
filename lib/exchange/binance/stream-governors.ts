import type { StreamName } from '../../domain/stream.ts';
import type { Clock } from '../../ports.ts';
import { STREAM_REQUESTS_PER_5_MIN } from './stream-pages.ts';
import { type WeightGovernor, weightGovernor } from './weight-governor.ts';

const FIVE_MINUTES_MS = 300_000;

/** Who lets the requests of each stream go. */
export type StreamGovernors = Readonly<Record<StreamName, WeightGovernor>>;

/** One set for each governor of weight, so that every batch of a process is counted with the others. */
const known = new WeakMap<WeightGovernor, StreamGovernors>();

/** Governors of streams: the weight for all of them, and the requests in five minutes that some are counted by besides. */
export function streamGovernors(clock: Clock, weight: WeightGovernor): StreamGovernors {
  const there = known.get(weight);
  if (there) return there;
  const governors: StreamGovernors = {
    instruments: weight,
    funding: counted(clock, weight, STREAM_REQUESTS_PER_5_MIN.funding),
    open_interest: counted(clock, weight, STREAM_REQUESTS_PER_5_MIN.open_interest),
    mark_candles: weight,
  };
  known.set(weight, governors);
  return governors;
}

/** Counts requests in five minutes beside their weight. A ban (418) is one of the address, whatever was asked. */
function counted(clock: Clock, weight: WeightGovernor, requests: number): WeightGovernor {
  const count = weightGovernor(clock, requests, FIVE_MINUTES_MS);
  return {
    async admit(host, cost) {
      await count.admit(host, 1);
      await weight.admit(host, cost);
    },
    observe(host, answer) {
      if (answer.status === 429) {
        // The limit that was met is this one; its header, where there is one, is of the weight.
        const { 'x-mbx-used-weight-1m': _, ...headers } = answer.headers;
        count.observe(host, { ...answer, headers });
      } else weight.observe(host, answer);
    },
    retryAfterSec: (answer) => weight.retryAfterSec(answer),
  };
}
