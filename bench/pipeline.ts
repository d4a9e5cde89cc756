import { refine } from '../lib/lake/refine/refine.ts';
import { landedLake } from './bench-lake.ts';
import type { Benchmark, CaseResult, Measured } from './benchmark.ts';
import { archiveZips, INPUT_NAMES, INPUTS, type InputName } from './corpus.ts';
import { pandasPeer } from './pandas-peer.ts';
import { peerPipeline } from './peer-pipeline.ts';
import { printTable } from './print-table.ts';
import { best, ms, type Repetitions, repeat, timesText } from './repeat.ts';
import { STAGES, stagedRefine } from './staged-refine.ts';

const TIMES: Record<InputName, Repetitions> = {
  '1 year of 15m': { warmUps: 5, repetitions: 9 },
  '1 month of 1m': { warmUps: 5, repetitions: 9 },
  '1 year of 1m': { warmUps: 1, repetitions: 5 },
};
const PEER_TIMES: Record<InputName, Repetitions> = {
  '1 year of 15m': { warmUps: 2, repetitions: 3 },
  '1 month of 1m': { warmUps: 2, repetitions: 3 },
  '1 year of 1m': { warmUps: 0, repetitions: 2 },
};

/** Archive zips in a folder lake to candles, features, labels, checkpoints and manifests in the same lake. */
export const pipeline: Benchmark = {
  about: 'archive zips in a folder lake → candles + features + labels → Parquet in the lake, one thread, warm',
  cases: Object.fromEntries(
    INPUT_NAMES.flatMap((name) => [
      [`refine ${name}`, () => measureRefine(name)],
      [`stages ${name}`, () => measureStages(name)],
      [`peer ${name}`, () => measurePeer(name)],
    ]),
  ),
  async report(measure) {
    const rows: string[][] = [];
    const stages: string[][] = STAGES.map((stage) => [stage]);
    const whole: string[] = ['sum of stages'];
    const rest: string[] = ['refine itself'];
    const notes = new Set<string>();
    for (const name of INPUT_NAMES) {
      const ours = await measure(`refine ${name}`);
      const staged = await measure(`stages ${name}`);
      const peers: [string, Measured][] = [
        ['technicalindicators', await measure(`peer ${name}`)],
        ['pandas', await pandasPeer('pandas', INPUTS[name], PEER_TIMES[name])],
        ['pandas + pandas-ta', await pandasPeer('pandas + pandas-ta', INPUTS[name], PEER_TIMES[name])],
      ];
      rows.push([name, 'candlelake', ...cells(ours, ours)]);
      for (const [peer, measured] of peers) {
        if (measured.note) notes.add(measured.note);
        if (measured.times.length > 0) rows.push(['', peer, ...cells(measured, ours)]);
      }
      const parts = STAGES.map((stage) => best(staged.parts![stage]!));
      const sum = parts.reduce((total, part) => total + part, 0);
      stages.forEach((row, i) => {
        row.push(ms(parts[i]!), `${((100 * parts[i]!) / sum).toFixed(0)} %`);
      });
      whole.push(ms(sum), '');
      rest.push(ms(best(ours.times)), '');
    }
    printTable(['', 'by', 'ms: min  mean±sd', 'CPU ms', 'candles/s', 'peak MiB', 'time ÷ ours'], rows);
    printTable(['stage, ms (min)', ...INPUT_NAMES.flatMap((name) => [name, ''])], [...stages, whole, rest]);
    for (const note of notes) console.log(note);
  },
};

function cells(measured: Measured, ours: Measured): string[] {
  const cpu = measured.parts?.['cpu'];
  return [
    timesText(measured.times),
    cpu ? ms(best(cpu)) : '',
    Math.round((1000 * measured.candles) / best(measured.times)).toLocaleString('en'),
    measured.peakMiB.toFixed(0),
    (best(measured.times) / best(ours.times)).toFixed(2),
  ];
}

async function measureRefine(name: InputName): Promise<CaseResult> {
  const lake = await landedLake(INPUTS[name]);
  const world = { store: lake.store, clock: { nowMs: Date.now }, codeHash: 'bench', outOfTime: () => false };
  const cpu: number[] = [];
  try {
    const run = async () => {
      const before = process.cpuUsage();
      const result = await refine({ runId: 'bench', series: lake.series }, world);
      const { user, system } = process.cpuUsage(before);
      cpu.push((user + system) / 1000);
      return result.recomputed;
    };
    const { warmUps, repetitions } = TIMES[name];
    const times = await repeat(run, { warmUps, repetitions, before: lake.clear });
    return { candles: candlesIn(name), times, parts: { cpu: cpu.slice(warmUps) } };
  } finally {
    await lake.remove();
  }
}

async function measureStages(name: InputName): Promise<CaseResult> {
  const lake = await landedLake(INPUTS[name]);
  const spent: Record<string, number>[] = [];
  try {
    const run = async () => spent.push(await stagedRefine(lake));
    const times = await repeat(run, { ...TIMES[name], before: lake.clear });
    const counted = spent.slice(TIMES[name].warmUps);
    const parts = Object.fromEntries(STAGES.map((stage) => [stage, counted.map((one) => one[stage]!)]));
    return { candles: candlesIn(name), times, parts };
  } finally {
    await lake.remove();
  }
}

async function measurePeer(name: InputName): Promise<CaseResult> {
  const zips = await archiveZips(INPUTS[name]);
  const times = await repeat(() => peerPipeline(zips).features.length, PEER_TIMES[name]);
  return { candles: candlesIn(name), times };
}

function candlesIn(name: InputName): number {
  const { interval, range } = INPUTS[name];
  return (range.toMs - range.fromMs) / (interval === '1m' ? 60_000 : 900_000);
}
