import { type Command, InvalidArgumentError } from 'commander';
import type { PlanRequest } from '../lake/plan/contract.ts';

/** Options that `run` and `plan` share. */
export interface LakeOptions {
  readonly symbols?: string[];
  readonly interval?: string;
  readonly period?: string;
  readonly from?: string;
  readonly to?: string;
  readonly market?: string;
  readonly streams?: boolean;
  /** True to want only what the archive has by now, and to ask REST nothing. */
  readonly archiveOnly?: boolean;
  readonly lake?: string;
  readonly source: string;
  readonly json?: boolean;
  /** US dollars that the run may be expected to cost on AWS. */
  readonly maxUsd?: number;
}

export function addLakeOptions(command: Command): Command {
  return command
    .option('--symbols <names>', 'comma-separated symbols, or all (default: BTCUSDT)', splitNames)
    .option('--interval <word>', '1m 3m 5m 15m 30m 1h 2h 4h 6h 8h 12h 1d 3d 1w 1M (default: 15m)')
    .option('--period <span>', 'back from --to: 30d 6m 1y, 30dias 6meses 1ano (default: 1y)')
    .option('--from <time>', 'first open time, ISO 8601 UTC')
    .option('--to <time>', 'open times before this, ISO 8601 UTC (default: now)')
    .option('--market <name>', 'um cm spot sim (default: um)')
    .option('--streams', 'also instruments, funding, open interest, mark candles')
    .option('--archive-only', 'only what the archive has by now; REST is not asked')
    .option('--lake <place>', 'folder or s3://bucket (default: ./lake)')
    .option('--source <name>', 'auto binance simulated (its clock: 00:01 UTC today)', 'auto')
    .option('--max-usd <amount>', 'stop before it starts if AWS would cost more', dollars)
    .option('--json', 'print one machine-readable result');
}

function dollars(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value > 0 && value < Number.POSITIVE_INFINITY)) {
    throw new InvalidArgumentError('It must be an amount of US dollars above 0.');
  }
  return value;
}

export function splitNames(text: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.some((name) => name === '')) throw new InvalidArgumentError('It has an empty name.');
  return names;
}

/** The part of the options that says what is wanted. */
export function requestOf(options: LakeOptions, market: string): PlanRequest {
  const { symbols, interval, period, from, to, streams, archiveOnly } = options;
  return {
    market,
    ...(symbols && { symbols }),
    ...(interval !== undefined && { interval }),
    ...(period !== undefined && { period }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(streams && { streams }),
    ...(archiveOnly && { archiveOnly }),
  };
}
