import { InvalidArgumentError } from 'commander';
import { INTERVALS } from '../domain/interval.ts';
import { EXCHANGE_CHOICES, MARKETS } from '../domain/market.ts';
import { STREAM_NAMES } from '../domain/stream-table.ts';
import type { OptionRow } from './command.ts';

/** Options that several commands have, and how values are read. */
export const LAKE: OptionRow = {
  flags: '--lake <place>',
  about: 'folder or s3://bucket (default: ./lake)',
  values: 'folder',
};

export const JSON_RESULT: OptionRow = { flags: '--json', about: 'print one machine-readable result' };

export const JSON_FORMAT: OptionRow = { flags: '--json', about: 'the same as --format json' };

export const PERIOD: OptionRow = {
  flags: '--period <span>',
  about: 'back from --to: 30d 6m 1y, 30dias 6meses 1ano (default: 1y)',
};

export const FROM: OptionRow = { flags: '--from <time>', about: 'first open time, ISO 8601 UTC' };

export function symbols(about: string): OptionRow {
  return { flags: '--symbols <names>', about, parse: splitNames };
}

/** @param about replaces the list of all intervals */
export function interval(fallback?: string, about = INTERVALS.join(' ')): OptionRow {
  return { flags: '--interval <word>', about: withDefault(about, fallback), values: INTERVALS };
}

export function market(fallback?: string): OptionRow {
  return { flags: '--market <name>', about: withDefault(MARKETS.join(' '), fallback), values: MARKETS };
}

/** An option whose value is one of a list. */
export function choice(flags: string, values: readonly string[], fallback?: string): OptionRow {
  return { flags, about: withDefault(values.join(' '), fallback), values };
}

function withDefault(about: string, fallback: string | undefined): string {
  return fallback === undefined ? about : `${about} (default: ${fallback})`;
}

/** Reads names that are separated by commas. @throws InvalidArgumentError if a name is empty */
export function splitNames(text: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.some((name) => name === '')) throw new InvalidArgumentError('It has an empty name.');
  return names;
}

/** Returns a reader of whole numbers. @throws InvalidArgumentError */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isInteger(value) || value < least || value > most) {
      throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
    }
    return value;
  };
}

/** Reads an amount of money. @throws InvalidArgumentError */
export function dollars(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value > 0 && value < Number.POSITIVE_INFINITY)) {
    throw new InvalidArgumentError('It must be an amount of US dollars above 0.');
  }
  return value;
}

/** Reads a number of days, or `all`. @throws InvalidArgumentError */
export function sampleSize(text: string): number | 'all' {
  if (text === 'all') return text;
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('It must be a whole number or all.');
  return Number(text);
}

/** Options of a request, which `run` and `plan` have. */
export const REQUEST: readonly OptionRow[] = [
  symbols('comma-separated symbols, or all (default: BTCUSDT)'),
  interval('15m'),
  PERIOD,
  FROM,
  { flags: '--to <time>', about: 'open times before this, ISO 8601 UTC (default: now)' },
  market('um'),
  { flags: '--streams', about: `also ${STREAM_NAMES.join(', ').replaceAll('_', ' ')}` },
  { flags: '--archive-only', about: 'only what the archive has by now; no request to REST' },
  LAKE,
  {
    flags: '--source <name>',
    about: `${EXCHANGE_CHOICES.join(' ')} (its clock: 00:01 UTC today)`,
    values: EXCHANGE_CHOICES,
    preset: 'auto',
  },
  { flags: '--max-usd <amount>', about: 'stop before the start if AWS would cost more', parse: dollars },
  JSON_RESULT,
];
