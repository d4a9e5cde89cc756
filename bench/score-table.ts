import type { Score } from './contest.ts';
import { printTable } from './print-table.ts';
import { best, ms, timesText } from './repeat.ts';

/** Prints the scores of a contest, each beside the first, which is ours on the newest Node. Then it prints notes. */
export function printScores(title: string, scores: readonly Score[]): void {
  const ran = scores.filter((score) => score.times.length > 0);
  const ratio = (a: readonly number[], b: readonly number[]) => (best(a) / best(b)).toFixed(2);
  const [first] = ran;
  printTable(
    [title, 'wall ms: min, mean±sd', 'CPU ms: min, mean±sd', 'peak MiB', 'wall ÷ first', 'CPU ÷ first'],
    ran.map(({ name, times, cpu, peakMiB }) => [
      name,
      timesText(times),
      timesText(cpu),
      ms(peakMiB, 0),
      ratio(times, first!.times),
      ratio(cpu, first!.cpu),
    ]),
  );
  printNotes(scores);
}

/** Prints what peers say of themselves, once for each library, and why one is left out. */
export function printNotes(scores: readonly Score[]): void {
  const notes = scores.flatMap(({ note }) => (note ? [[note.split(':')[0], note] as const] : []));
  for (const note of new Map(notes).values()) console.log(`- ${note}`);
  for (const { name, failed } of scores) if (failed) console.log(`- ${name} is left out: ${failed}`);
  console.log();
}
