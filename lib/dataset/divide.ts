import { BadInput } from '../domain/errors.ts';
import { scoreBaselines } from './baselines.ts';
import { type DatasetRequest, type FoldReport, ROLES } from './contract.ts';
import { type Fold, foldsOver, rolesIn, spansOf } from './folds.ts';
import { holdOutRoles } from './hold-out.ts';
import type { DatasetIdentity } from './identify.ts';
import { classesOf } from './label-source.ts';
import { joinParts } from './pack-part.ts';
import { type Block, blockOf, cutBlocks } from './time-blocks.ts';
import { rowsWanted, tooFewRows } from './too-few-rows.ts';

/** The column of the hold-out, and its fold in the scaling statistics. */
export const HOLD_OUT = 'hold_out';

/** The role of each row of a pack in each fold. */
export interface Division {
  readonly blocks: readonly Block[];
  /**
   * Block of each row; NaN for rows that are in none, because they are held out, purged from the rest, or unlabelled.
   */
  readonly block: Float64Array;
  /** Folds by column name, the hold-out last. */
  readonly roles: ReadonlyMap<string, Int8Array>;
  readonly reports: readonly FoldReport[];
  readonly holdOut: FoldReport | undefined;
}

/** The rows to divide, and how many nulls left none to divide. */
type Divisible = Pick<DatasetIdentity, 'parts' | 'request' | 'cut' | 'nulls'>;

/** Cuts the rows that are not held out into blocks and folds, and scores the baselines of each. */
export function divide(selected: Divisible): Division {
  const { parts, request } = selected;
  const label = joinParts(parts, (part) => part.label);
  const [t0, t1] = [joinParts(parts, (part) => part.t0), joinParts(parts, (part) => part.t1)];
  const direction = joinParts(parts, (part) => part.direction);
  const labelled = rowsWhere(label.length, (row) => !Number.isNaN(label[row]));
  const outer = holdOutRoles(request.holdOut, take(t0, labelled), take(t1, labelled), request.embargoMs);
  const inner = labelled.filter((_, i) => outer[i] === ROLES.train);
  const { blocks, places, folds, roles } = foldRows(take(t0, inner), take(t1, inner), selected, labelled.length);

  const column = (rows: Uint32Array, values: Int8Array) => {
    const all = new Int8Array(label.length).fill(ROLES.predict);
    labelled.forEach((row, i) => {
      all[row] = outer[i] === ROLES.purged ? ROLES.purged : ROLES.unused;
    });
    rows.forEach((row, i) => {
      all[row] = values[i];
    });
    return all;
  };
  const columns = new Map(folds.map(({ name }, fold) => [name, column(inner, roles[fold])]));
  if (request.holdOut) columns.set(HOLD_OUT, column(labelled, outer));
  const report = (fold: Pick<Fold, 'name' | 'kind' | 'testBlocks'>) =>
    reportOn(fold, columns.get(fold.name)!, { label, direction }, request);
  const block = new Float64Array(label.length).fill(Number.NaN);
  inner.forEach((row, i) => {
    block[row] = places[i];
  });
  return {
    blocks,
    block,
    roles: columns,
    reports: folds.map(report),
    holdOut: request.holdOut && report({ name: HOLD_OUT, kind: 'hold_out', testBlocks: [] }),
  };
}

function foldRows(t0: Float64Array, t1: Float64Array, selected: Divisible, labelled: number) {
  const { request } = selected;
  const count = request.folds + 1;
  const blocks = cutBlocks(t0, count);
  if (!blocks) throw tooFewRows(request, request.holdOut ? t0.length : labelled, selected);
  const places = blockOf(t0, blocks);
  const spans = spansOf(t0, t1, places, count);
  const folds = foldsOver(request.folds);
  const roles = folds.map((fold) => rolesIn(fold, t0, t1, places, spans, request.embargoMs));
  return { blocks, places, folds, roles };
}

function reportOn(
  { name, kind, testBlocks }: Pick<Fold, 'name' | 'kind' | 'testBlocks'>,
  roles: Int8Array,
  { label, direction }: { readonly label: Float64Array; readonly direction: Float64Array },
  request: DatasetRequest,
): FoldReport {
  const rows = (role: number) => rowsWhere(roles.length, (row) => roles[row] === role);
  const [train, test] = [rows(ROLES.train), rows(ROLES.test)];
  if (train.length === 0) {
    throw new BadInput(
      `fold ${name} has no training rows left of ${label.length} with ${rowsWanted(request)}: give a longer range, ` +
        'fewer folds or a shorter embargo',
    );
  }
  const values = classesOf(request.label);
  const countsOf = (of: Uint32Array) => values!.map(({ value }) => of.filter((row) => label[row] === value).length);
  return {
    ...{ name, kind, testBlocks, train: train.length, purged: rows(ROLES.purged).length, test: test.length },
    ...(values && { classes: { train: countsOf(train), test: countsOf(test) } }),
    baselines: scoreBaselines(request.label, label, direction, roles),
  };
}

function rowsWhere(length: number, isWanted: (row: number) => boolean): Uint32Array {
  return Uint32Array.from({ length }, (_, row) => row).filter(isWanted);
}

function take(values: Float64Array, rows: Uint32Array): Float64Array {
  return Float64Array.from(rows, (row) => values[row]);
}
