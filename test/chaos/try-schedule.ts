import type { RunReport } from '../../lib/lake/catalogue/contract.ts';
import { type MemoryStore, memoryStore } from '../../lib/lake/memory-store.ts';
import { differences, lakeFaults, withoutSameCandles, withoutSameStories } from '../support/lake-faults.ts';
import { candleValues } from '../support/parquet.ts';
import type { ChaosRun, ChaosWorld } from './chaos-world.ts';
import { type DataFault, type Disturbance, NOW_MS, type Schedule } from './schedule.ts';

/** The lake that an undisturbed run makes of what the exchange has published. */
export interface Undisturbed {
  readonly lake: MemoryStore;
  readonly run: ChaosRun;
}

/** Undisturbed lakes, each made once. */
export type Oracle = (data: DataFault | undefined) => Promise<Undisturbed>;

export function undisturbedLakes(world: ChaosWorld): Oracle {
  const known = new Map<string, Undisturbed>();
  return async (data) => {
    const key = JSON.stringify([data]);
    const made = known.get(key) ?? (await makeUndisturbed(world, data));
    known.set(key, made);
    return made;
  };
}

async function makeUndisturbed(world: ChaosWorld, data: DataFault | undefined): Promise<Undisturbed> {
  const lake = memoryStore();
  return { lake, run: await world.run(lake, { runId: 'undisturbed', data }) };
}

/** Runs a schedule from an empty lake to its clean end. Returns what did not hold; an empty list if all did. */
export async function trySchedule(schedule: Schedule, world: ChaosWorld, oracle: Oracle): Promise<string[]> {
  const { data } = schedule;
  const expected = await oracle(data);
  const lake = memoryStore();
  const wrong: string[] = [];
  for (const [index, disturbance] of schedule.runs.entries()) {
    const runs = await runDisturbed(world, lake, `disturbed-${index}`, disturbance, data);
    const say = (text: string): void => void wrong.push(`disturbed run ${index + 1}: ${text}`);
    for (const { violations } of runs) for (const text of violations) say(text);
    for (const text of await lakeFaults(lake)) say(text);
    if (!disturbance.twoAtOnce) {
      for (const text of await falseClaims(runs[0]!, lake, { expected, whole: await oracle(undefined) })) say(text);
    }
  }
  const clean = await world.run(lake, { runId: 'clean', data });
  wrong.push(...clean.violations.map((text) => `clean run: ${text}`));
  wrong.push(...(await lakeFaults(lake)).map((text) => `after the clean run: ${text}`));
  wrong.push(...(await endFaults(clean, lake, expected)));
  if (wrong.length === 0 && schedule.seed % 4 === 0) {
    const again = await world.run(lake, { runId: 'again', data });
    if (again.report?.recomputedShards !== 0) wrong.push('a run after the clean one had shards to rebuild');
  }
  return wrong;
}

async function runDisturbed(
  world: ChaosWorld,
  lake: MemoryStore,
  runId: string,
  { exchange, forged, store, twoAtOnce }: Disturbance,
  data: DataFault | undefined,
): Promise<ChaosRun[]> {
  const disturbed = { runId, data, exchange, forged, store };
  const other = { runId: `${runId}-other`, forged: forgedData(data) };
  return world.runTogether(lake, twoAtOnce ? [disturbed, other] : [disturbed]);
}

/** Both runs get the exchange's own wrong data from the one exchange. Each run needs its own forger. */
function forgedData(data: DataFault | undefined) {
  return data?.by === 'forger' ? [data.forgery] : [];
}

/** Returns the places at which a report claims complete and the lake is not, or at which its numbers are wrong. */
async function falseClaims(
  { report }: ChaosRun,
  lake: MemoryStore,
  { expected, whole }: { readonly expected: Undisturbed; readonly whole: Undisturbed },
): Promise<string[]> {
  if (!report?.complete) return [];
  const wrong: string[] = [];
  if (report.notices.length === 0 && report.healed.length === 0 && report.asOfMs >= NOW_MS - 60_000) {
    if (!expected.run.report?.complete) return ['it says complete, and an undisturbed run is not'];
    // It may have waited for an answer that the undisturbed run had at once, and known it later.
    const different = await withoutSameStories(differences(lake, expected.lake), lake, expected.lake);
    if (different.length > 0) wrong.push(`it says complete, and these differ: ${different.join(', ')}`);
    return wrong;
  }
  // It saw less of the exchange, and says so: of what it has, every candle must be true.
  // If the run did not see the wrongly published file, another source supplied its candles.
  const ofWhole = await candleValues(whole.lake);
  const ofExpected = await candleValues(expected.lake);
  const values = await candleValues(lake);
  for (const [key, value] of values) {
    if (value === ofExpected.get(key) || value === ofWhole.get(key)) continue;
    wrong.push(`candle ${key} is ${value}, undisturbed ${ofExpected.get(key)}`);
  }
  const claimed = report.series.reduce((sum, series) => sum + series.candles, 0);
  if (claimed > values.size) wrong.push(`it says ${claimed} candles, and the lake has ${values.size}`);
  return wrong.slice(0, 5);
}

/** Returns the places at which the lake after a clean run differs from that of an undisturbed one. */
async function endFaults(clean: ChaosRun, lake: MemoryStore, expected: Undisturbed): Promise<string[]> {
  const before = expected.run.report;
  const { report } = clean;
  if (!report || !before) return [`clean run ended without a report: ${JSON.stringify(clean.outcome).slice(0, 300)}`];
  const failed = failuresOf(before);
  const failedNow = failuresOf(report);
  if (failed !== failedNow)
    return [`clean run failed in '${failedNow}', undisturbed in '${failed}': ${report.summary}`];
  let different = await withoutSameStories(differences(lake, expected.lake), lake, expected.lake);
  // Where a file cannot be read others have its candles: REST, or the daily files of a run that could not ask REST.
  if (report.healed.length > 0) different = await withoutSameCandles(different, lake, expected.lake);
  return different.length === 0 ? [] : [`after the clean run these differ: ${different.join(', ')}`];
}

/** The failures of a run, and those of them that other sources healed. */
function failuresOf({ failures, healed }: RunReport): string {
  return [...failures, ...healed].map(({ name, error }) => `${name} ${error}`).join('; ');
}
