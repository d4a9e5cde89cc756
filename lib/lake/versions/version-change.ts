import { type Candles, sliceCandles } from '../../domain/candles.ts';
import { TABLES, type Table } from '../keys.ts';
import type { Manifest } from '../manifest/contract.ts';
import { chainOf } from '../manifest/hash-candles.ts';
import type { VersionReason, VersionRecord } from './contract.ts';
import { isGrowing, restoreTable } from './restore-table.ts';

/** What is published over a version. */
export interface NextVersion {
  readonly manifest: Manifest;
  readonly candles: Candles;
  readonly labels: Uint8Array;
}

export interface VersionChange {
  readonly reason: VersionReason;
  /** Tables of the version before that are not to be had out of the next one. */
  readonly restated: readonly Table[];
}

/** Where these are the reasons, nothing of the version before is to be had out of the next. */
const RESTATING: ReadonlySet<VersionReason> = new Set(['revised', 'earlier_revised', 'code_changed']);

/** Why a version comes after another, and what of that has to be kept. */
export async function changeSince(before: VersionRecord, next: NextVersion): Promise<VersionChange> {
  const old = before.manifest;
  const { manifest } = next;
  const differs = (table: Table) => old.outputs[table]?.sha256 !== manifest.outputs[table].sha256;
  const restating = candlesReason(old, next);
  const labelsHold = restating !== undefined || !differs('labels') || (await labelsGrew(before, next));
  const reason = restating ?? reasonWithin(old, next, labelsHold);
  // A table without a row is not cut out of one with rows.
  const wasEmpty = old.report.candles === 0;
  const restated = TABLES.filter(
    (table) =>
      old.outputs[table] !== undefined &&
      differs(table) &&
      (RESTATING.has(reason) || wasEmpty || !isGrowing(table) || (table === 'labels' && !labelsHold)),
  );
  return { reason, restated };
}

/** The reasons that leave no value as it was; undefined where the candles of the version before stand. */
function candlesReason(old: Manifest, { manifest, candles }: NextVersion): VersionReason | undefined {
  if (old.codeHash !== manifest.codeHash) return 'code_changed';
  if (old.previousChain !== manifest.previousChain) return 'earlier_revised';
  if (old.chain === manifest.chain || old.report.candles === 0) return undefined;
  const prefix = sliceCandles(candles, 0, Math.min(old.report.candles, candles.length));
  return chainOf(old.previousChain, prefix, old.codeHash) === old.chain ? undefined : 'revised';
}

function reasonWithin(old: Manifest, { manifest }: NextVersion, labelsHold: boolean): VersionReason {
  if (old.chain !== manifest.chain) return 'extended';
  if (old.lookahead !== manifest.lookahead) return labelsHold ? 'labels_decided' : 'later_revised';
  const { candles, ...others } = manifest.outputs;
  const sameCandles = old.outputs.candles.sha256 === candles.sha256;
  const sameOthers = Object.entries(others).every(
    ([table, output]) => old.outputs[table as Table]?.sha256 === output.sha256,
  );
  return sameCandles && !sameOthers ? 'evidence_changed' : 'source_replaced';
}

/**
 * Labels look ahead. Where nothing was there to look at, those that were decided stay; otherwise only their bytes tell:
 * what they looked at can have been restated, or have got other candles in front of it.
 */
async function labelsGrew(before: VersionRecord, { labels }: NextVersion): Promise<boolean> {
  if (before.manifest.lookahead === '') return true;
  return (await restoreTable('labels', labels, before)) !== undefined;
}
