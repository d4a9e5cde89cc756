import type { Benchmark } from './benchmark.ts';
import { contest } from './contest.ts';
import { ours } from './contestants.ts';
import { printTable } from './print-table.ts';
import { best, ms } from './repeat.ts';
import { printScores } from './score-table.ts';

const SERIES = 600;

/** A market of 600 series of 15m: another day has landed for each. Measured per series, reckoned for all. */
export const market: Benchmark = {
  about: 'another day of 15m for a series that has half a year: read, recompute its shard, write, flush; warm',
  cases: {},
  async report() {
    const scores = await contest(ours('one-day-more'), { warmUps: 3, rounds: 8 });
    printScores('one day more, one series', scores);
    printTable(
      [`${SERIES} series, reckoned`, 'CPU s', 's on two busy cores'],
      scores.map(({ name, cpu }) => {
        const seconds = (SERIES * best(cpu)) / 1000;
        return [name, ms(seconds, 0), ms(seconds / 2, 0)];
      }),
    );
  },
};
