import { SOURCES } from '../../domain/chunk.ts';
import type { GapClass } from '../../domain/gap-class.ts';
import { countOpenTimes, floorOpenTime, type Interval, nextOpenTime } from '../../domain/interval.ts';
import { isoTime, type TimeRange } from '../../domain/time-range.ts';
import type { Answer } from '../landing/answer.ts';
import type { Accounted, Conflict } from '../manifest/contract.ts';
import { type EvidenceSpan, evidenceSpans } from './evidence-spans.ts';
import type { FailedChunk } from './failed-chunk.ts';
import { absence, conflictEvidence, conflictParties, type Evidence, healing, outsideLife } from './gap-evidence.ts';
import type { GapRow } from './gap-row.ts';
import { ledgerFaults } from './ledger-faults.ts';
import type { Quarantined } from './quarantine.ts';
import type { SymbolLife } from './symbol-life.ts';

interface LedgerInput {
  readonly interval: Interval;
  /** The open times to account for. Both ends are on the grid. */
  readonly account: TimeRange;
  /** The open times of the candles in the account, ascending. */
  readonly openTimeMs: Float64Array;
  /** The source of each candle, an index into SOURCES. */
  readonly source: Uint8Array;
  readonly conflicts: readonly Conflict[];
  readonly answers: readonly Answer[];
  readonly failures: readonly FailedChunk[];
  readonly life: SymbolLife;
  readonly quarantined: Quarantined;
}

/** The account of a part of the grid. Each interval has a candle or is in a row; both if the row counts the candle. */
export interface Ledger {
  readonly account: TimeRange;
  readonly rows: readonly GapRow[];
  /** The number of intervals in the account. */
  readonly grid: number;
  readonly accounted: Accounted;
  /** The number of `unknown` intervals that were never requested from any source. */
  readonly unasked: number;
  /**
   * The first MAX_HOLES ranges that an archive file should contain and does not, or whose file failed, and that were
   * never requested from REST.
   */
  readonly holes: readonly TimeRange[];
}

const MAX_HOLES = 1_000;

/**
 * Accounts for every interval. A candle that all sources agree on needs no row. All else is in a row with its class and
 * evidence. Neighbours with the same class and evidence share a row.
 * @throws Error if the rows and the candles do not add up to the account
 */
export function keepLedger(input: LedgerInput): Ledger {
  const { interval, account, openTimeMs } = input;
  const book = openBook(input);
  let row = 0;
  for (const span of evidenceSpans(input)) row = accountForSpan(span, row, input, book);
  const [fault] = ledgerFaults(interval, account, openTimeMs, book.rows);
  if (fault) {
    const place = `[${isoTime(account.fromMs)}, ${isoTime(account.toMs)})`;
    throw new Error(`ledger of ${place} has ${fault.what} ${fault.found}, expected ${fault.expected}`);
  }
  const { rows, unasked, holes } = book;
  return { account, rows, grid: countOpenTimes(interval, account), accounted: countByClass(rows), unasked, holes };
}

/**
 * Accounts for the intervals of one span.
 * @param row the first candle that is not before the span
 * @returns the first candle after the span
 */
function accountForSpan(span: EvidenceSpan, row: number, input: LedgerInput, book: Book): number {
  const { interval, openTimeMs, source } = input;
  const absent = once(() => absenceIn(span, input));
  const healed = once(() => healing(span));
  // A candle from a source after this one in SOURCES is missing from an archive file, or its file is not there.
  const files = [...span.awaited, ...span.archive];
  const best = Math.min(SOURCES.length, ...files.map((file) => SOURCES.indexOf(file.source)));
  let atMs = span.fromMs;
  let next = row;
  for (; next < openTimeMs.length; next++) {
    // A candle of three days or longer need not open at a time of the grid.
    const cellMs = floorOpenTime(interval, openTimeMs[next]!);
    if (cellMs >= span.toMs) break;
    if (cellMs > atMs) book.addAbsent({ fromMs: atMs, toMs: cellMs }, absent(), span);
    atMs = nextOpenTime(interval, cellMs);
    const conflict = book.conflictAt(openTimeMs[next]!);
    if (conflict) book.addCandle({ fromMs: cellMs, toMs: atMs }, 'source_conflict', conflict);
    else if (source[next]! > best) book.addCandle({ fromMs: cellMs, toMs: atMs }, 'archive_hole', healed());
  }
  if (atMs < span.toMs) book.addAbsent({ fromMs: atMs, toMs: span.toMs }, absent(), span);
  return next;
}

interface Absence {
  readonly class: GapClass;
  readonly evidence: Evidence;
}

function absenceIn(span: EvidenceSpan, { life, quarantined }: LedgerInput): Absence {
  const { phase } = span;
  if (phase === 'not_listed') {
    return { class: phase, evidence: outsideLife('listed', life.listed, quarantined.notListed) };
  }
  if (phase === 'settled') return { class: phase, evidence: outsideLife('settled', life.settled, quarantined.settled) };
  return absence(span);
}

/** Returns a function that makes its value the first time it is called, because most spans need no evidence. */
function once<T extends object>(make: () => T): () => T {
  let value: T | undefined;
  return () => {
    value ??= make();
    return value;
  };
}

type Book = ReturnType<typeof openBook>;

/** The rows of a ledger while it is written, in order. */
function openBook(input: LedgerInput) {
  const { interval } = input;
  const conflicts = conflictsByTime(input);
  const rows: Mutable<GapRow>[] = [];
  const holes: TimeRange[] = [];
  const book = {
    rows,
    holes,
    unasked: 0,
    conflictAt: (openTimeMs: number) => conflicts.get(openTimeMs),
    addCandle: (range: TimeRange, kind: GapClass, evidence: Evidence) => add(range, kind, evidence, true),
    addAbsent({ fromMs, toMs }: TimeRange, { class: kind, evidence }: Absence, span: EvidenceSpan): void {
      const intervals = add({ fromMs, toMs }, kind, evidence, false);
      if (span.phase !== 'listed' || span.rest.length > 0) return;
      if (span.archive.length > 0 || span.awaited.length > 0) addHole(holes, fromMs, toMs);
      else if (span.failed.length === 0) book.unasked += intervals;
    },
  };
  return book;

  /** Adds a range to the last row, or as a new row. Returns its number of intervals. */
  function add({ fromMs, toMs }: TimeRange, kind: GapClass, { text, knownAtMs }: Evidence, isCandle: boolean): number {
    const intervals = countOpenTimes(interval, { fromMs, toMs });
    const candles = isCandle ? intervals : 0;
    const last = rows.at(-1);
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
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Returns the evidence of each candle in conflict by open time. Neighbours with the same parties share their evidence.
 */
function conflictsByTime({ interval, conflicts, answers }: LedgerInput): ReadonlyMap<number, Evidence> {
  const evidence = new Map<number, Evidence>();
  const landedAtMs = new Map(answers.map((answer) => [answer.sha256, answer.landedAtMs]));
  let run: Conflict[] = [];
  let parties = '';
  let endMs = Number.NaN;
  const close = () => {
    if (run.length === 0) return;
    const shared = conflictEvidence(run, landedAtMs);
    for (const { openTimeMs } of run) evidence.set(openTimeMs, shared);
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
  return evidence;
}

function addHole(holes: TimeRange[], fromMs: number, toMs: number): void {
  const last = holes.at(-1);
  if (last?.toMs === fromMs) holes[holes.length - 1] = { fromMs: last.fromMs, toMs };
  else if (holes.length < MAX_HOLES) holes.push({ fromMs, toMs });
}

function countByClass(rows: readonly GapRow[]): Accounted {
  const accounted: Partial<Record<GapClass, { intervals: number; candles: number }>> = {};
  for (const { class: kind, intervals, candles } of rows) {
    accounted[kind] ??= { intervals: 0, candles: 0 };
    accounted[kind].intervals += intervals;
    accounted[kind].candles += candles;
  }
  return accounted;
}
