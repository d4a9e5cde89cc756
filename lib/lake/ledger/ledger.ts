import { SOURCES } from '../../domain/chunk.ts';
import type { GapClass } from '../../domain/gap-class.ts';
import { countOpenTimes, floorOpenTime, type Interval, nextOpenTime } from '../../domain/interval.ts';
import { isoTime, type TimeRange } from '../../domain/time-range.ts';
import type { Answer } from '../landing/answer.ts';
import type { Accounted, Conflict } from '../manifest/contract.ts';
import type { FailedChunk } from './failed-chunk.ts';
import { absence, conflictEvidence, conflictParties, type Evidence, healing, outsideLife } from './gap-evidence.ts';
import type { GapRow } from './gap-row.ts';
import type { Life } from './life.ts';
import type { Quarantined } from './quarantine.ts';
import { type Stretch, stretchesOf } from './stretches.ts';

export interface LedgerInput {
  readonly interval: Interval;
  /** Open times to account for, ends on the grid. */
  readonly account: TimeRange;
  /** Open times of the candles in it, ascending. */
  readonly openTimeMs: Float64Array;
  /** Where each is from, an index into SOURCES. */
  readonly source: Uint8Array;
  readonly conflicts: readonly Conflict[];
  readonly answers: readonly Answer[];
  readonly failures: readonly FailedChunk[];
  readonly life: Life;
  readonly quarantined: Quarantined;
}

/** The account of a part of the grid: each interval of it is a candle, or in a row, or both where the row says so. */
export interface Ledger {
  readonly account: TimeRange;
  readonly rows: readonly GapRow[];
  /** Intervals in the account. */
  readonly grid: number;
  readonly accounted: Accounted;
  /** `unknown` intervals that nobody was ever asked for. */
  readonly unasked: number;
  /**
   * What an archive file covers without having it, or would have covered had it been to be had, and REST was never asked
   * for; the first MAX_HOLES ranges.
   */
  readonly holes: readonly TimeRange[];
}

const MAX_HOLES = 1_000;

/**
 * Accounts for every interval: a candle that all have alike needs no words, all else is a row with its class and
 * evidence; neighbours of the same class and evidence are one row.
 * @throws Error where the sum does not come out: intervals = candles + Σ (intervals − candles) of the rows.
 */
export function keepLedger(input: LedgerInput): Ledger {
  const { interval, account, openTimeMs, source } = input;
  const book = openBook(interval);
  const conflicts = conflictRuns(input);
  const holes: TimeRange[] = [];
  let unasked = 0;
  let row = 0;
  for (const stretch of stretchesOf(input)) {
    const evidence = stretchEvidence(stretch, input);
    // A candle from a source this far down SOURCES is one that an archive file lacks, or should have brought.
    const files = [...stretch.awaited, ...stretch.archive];
    const lesserThan = Math.min(SOURCES.length, ...files.map((file) => SOURCES.indexOf(file.source)));
    const absent = (fromMs: number, toMs: number) => {
      const { class: kind, evidence: why } = evidence.absent();
      const intervals = book.add({ fromMs, toMs }, kind, why, false);
      if (stretch.phase !== 'listed' || stretch.rest.length > 0) return;
      if (files.length > 0) addHole(holes, fromMs, toMs);
      else if (stretch.failed.length === 0) unasked += intervals;
    };
    let atMs = stretch.fromMs;
    while (row < openTimeMs.length) {
      // Candles of three days and longer need not open where the grid has it.
      const cellMs = floorOpenTime(interval, openTimeMs[row]!);
      if (cellMs >= stretch.toMs) break;
      if (cellMs > atMs) absent(atMs, cellMs);
      const endMs = nextOpenTime(interval, cellMs);
      const conflict = conflicts.at(openTimeMs[row]!);
      if (conflict) book.add({ fromMs: cellMs, toMs: endMs }, 'source_conflict', conflict, true);
      else if (source[row]! > lesserThan) {
        book.add({ fromMs: cellMs, toMs: endMs }, 'archive_hole', evidence.healed(), true);
      }
      atMs = endMs;
      row++;
    }
    if (atMs < stretch.toMs) absent(atMs, stretch.toMs);
  }
  const grid = countOpenTimes(interval, account);
  const accounted = accountedOf(book.rows);
  assertSum(account, grid, openTimeMs.length, book.rows);
  return { account, rows: book.rows, grid, accounted, unasked, holes };
}

/** Evidence for the intervals of a stretch, put in words once and only where it is called for. */
function stretchEvidence(stretch: Stretch, { life, quarantined }: LedgerInput) {
  let absent: { readonly class: GapClass; readonly evidence: Evidence } | undefined;
  let healed: Evidence | undefined;
  const make = (): NonNullable<typeof absent> => {
    const { phase } = stretch;
    if (phase === 'not_listed')
      return { class: phase, evidence: outsideLife('listed', life.listed, quarantined.notListed) };
    if (phase === 'settled')
      return { class: phase, evidence: outsideLife('settled', life.settled, quarantined.settled) };
    return absence(stretch);
  };
  return {
    absent() {
      absent ??= make();
      return absent;
    },
    healed() {
      healed ??= healing(stretch);
      return healed;
    },
  };
}

/** Rows in order, neighbours of the same class and evidence joined. */
function openBook(interval: Interval) {
  const rows: Mutable<GapRow>[] = [];
  return {
    rows,
    /** Returns the number of intervals in the range. */
    add({ fromMs, toMs }: TimeRange, kind: GapClass, { text, knownAtMs }: Evidence, isCandle: boolean): number {
      const intervals = countOpenTimes(interval, { fromMs, toMs });
      const last = rows.at(-1);
      const candles = isCandle ? intervals : 0;
      if (last?.toMs === fromMs && last.class === kind && last.evidence === text) {
        last.toMs = toMs;
        last.intervals += intervals;
        last.candles += candles;
        last.knownAtMs = Math.max(last.knownAtMs, toMs, knownAtMs);
      } else {
        const known = Math.max(toMs, knownAtMs);
        rows.push({ fromMs, toMs, class: kind, intervals, candles, knownAtMs: known, evidence: text });
      }
      return intervals;
    },
  };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The evidence of each candle in conflict, one for all of a run of neighbours with the same parties. */
function conflictRuns({ interval, conflicts, answers }: LedgerInput): { at(openTimeMs: number): Evidence | undefined } {
  const evidence = new Map<number, Evidence>();
  const landedAtMs = new Map(answers.map((answer) => [answer.sha256, answer.landedAtMs]));
  let run: Conflict[] = [];
  let parties = '';
  let endMs = Number.NaN;
  const close = () => {
    if (run.length === 0) return;
    const words = conflictEvidence(run, landedAtMs);
    for (const { openTimeMs } of run) evidence.set(openTimeMs, words);
    run = [];
  };
  for (let from = 0; from < conflicts.length; ) {
    const { openTimeMs } = conflicts[from]!;
    let to = from;
    while (to < conflicts.length && conflicts[to]!.openTimeMs === openTimeMs) to++;
    const own = conflicts.slice(from, to);
    const ownParties = conflictParties(own);
    if (openTimeMs !== endMs || ownParties !== parties) close();
    run.push(...own);
    parties = ownParties;
    endMs = nextOpenTime(interval, openTimeMs);
    from = to;
  }
  close();
  return { at: (openTimeMs) => evidence.get(openTimeMs) };
}

function addHole(holes: TimeRange[], fromMs: number, toMs: number): void {
  const last = holes.at(-1);
  if (last?.toMs === fromMs) holes[holes.length - 1] = { fromMs: last.fromMs, toMs };
  else if (holes.length < MAX_HOLES) holes.push({ fromMs, toMs });
}

function accountedOf(rows: readonly GapRow[]): Accounted {
  const accounted: Partial<Record<GapClass, { intervals: number; candles: number }>> = {};
  for (const { class: kind, intervals, candles } of rows) {
    accounted[kind] ??= { intervals: 0, candles: 0 };
    accounted[kind].intervals += intervals;
    accounted[kind].candles += candles;
  }
  return accounted;
}

function assertSum({ fromMs, toMs }: TimeRange, grid: number, candles: number, rows: readonly GapRow[]): void {
  const explained = rows.reduce((sum, row) => sum + row.intervals - row.candles, 0);
  if (candles + explained === grid) return;
  const account = `[${isoTime(fromMs)}, ${isoTime(toMs)})`;
  throw new Error(`ledger of ${account} has ${candles} candles and explains ${explained}, expected ${grid} together`);
}
