import { agreement } from './agreement.ts';
import { landedLake } from './bench-lake.ts';
import type { Benchmark, CaseResult } from './benchmark.ts';
import { type Contestant, contest } from './contest.ts';
import { DUCKDB, PANDAS_TA, POLARS_ONE, pipelines, tablesOf } from './contestants.ts';
import { candlesIn, INPUT_NAMES, INPUTS, type InputName } from './corpus.ts';
import { printTable } from './print-table.ts';
import { best, ms, type Repetitions, repeat } from './repeat.ts';
import { printScores } from './score-table.ts';
import { STAGES, stagedRefine } from './staged-refine.ts';
import { withFolder } from './with-folder.ts';

const ROUNDS: Record<InputName, { readonly warmUps: number; readonly rounds: number }> = {
  '1 year of 15m': { warmUps: 5, rounds: 5 },
  '1 month of 1m': { warmUps: 5, rounds: 5 },
  '1 year of 1m': { warmUps: 1, rounds: 4 },
};
/** Peers that take ten seconds and more for a year of 1m take part in fewer of its rounds. */
const SLOW: ReadonlySet<string> = new Set([PANDAS_TA, DUCKDB, 'technicalindicators']);
const STAGE_TIMES: Record<InputName, Repetitions> = {
  '1 year of 15m': { warmUps: 5, repetitions: 5 },
  '1 month of 1m': { warmUps: 5, repetitions: 5 },
  '1 year of 1m': { warmUps: 1, repetitions: 3 },
};

/** Archive zips in a folder lake to candles, features, labels, checkpoints and manifests in the same lake. */
export const pipeline: Benchmark = {
  about: 'archive zips in a folder lake → candles + features + labels → Parquet in the lake, one series, warm',
  cases: Object.fromEntries(INPUT_NAMES.map((name) => [`stages ${name}`, () => measureStages(name)])),
  async report(measure) {
    for (const name of INPUT_NAMES) await compare(name);
    const stages: string[][] = STAGES.map((stage) => [stage]);
    const whole: string[] = ['sum of stages'];
    for (const name of INPUT_NAMES) {
      const { parts } = await measure(`stages ${name}`);
      const times = STAGES.map((stage) => best(parts![stage]!));
      const sum = times.reduce((total, time) => total + time, 0);
      stages.forEach((row, i) => {
        row.push(ms(times[i]!), `${((100 * times[i]!) / sum).toFixed(0)} %`);
      });
      whole.push(ms(sum), '');
    }
    printTable(['stage, wall ms (min)', ...INPUT_NAMES.flatMap((name) => [name, ''])], [...stages, whole]);
  },
};

async function compare(name: InputName): Promise<void> {
  await withFolder(async (folder) => {
    const contestants = (await pipelines(name, folder)).map(
      (contestant): Contestant =>
        name === '1 year of 1m' && SLOW.has(contestant.name) ? { ...contestant, rounds: 2 } : contestant,
    );
    const scores = await contest(contestants, ROUNDS[name]);
    printScores(`${name}, ${candlesIn(name).toLocaleString('en')} candles`, scores);
    if (name !== '1 month of 1m') return;
    for (const peer of [POLARS_ONE, DUCKDB]) {
      const sentence = await agreement(peer, tablesOf(peer, folder));
      if (sentence) console.log(`- ${sentence}`);
    }
    console.log();
  });
}

async function measureStages(name: InputName): Promise<CaseResult> {
  const lake = await landedLake(INPUTS[name]);
  const spent: Record<string, number>[] = [];
  try {
    const run = async () => spent.push(await stagedRefine(lake));
    const times = await repeat(run, { ...STAGE_TIMES[name], before: lake.clear });
    const counted = spent.slice(STAGE_TIMES[name].warmUps);
    const parts = Object.fromEntries(STAGES.map((stage) => [stage, counted.map((one) => one[stage]!)]));
    return { candles: candlesIn(name), times, parts };
  } finally {
    await lake.remove();
  }
}
