/** Significant digits shown of a double, and of a float, which holds about seven. */
const DOUBLE_DIGITS = 8;
const FLOAT_DIGITS = 6;

/** Fewest significant digits that a value keeps if its column has one number of decimals. */
const LEAST_DIGITS = 2;

/** Columns that need more decimals are printed with exponents. */
const MOST_DECIMALS = 20;

/**
 * Returns how to print the numbers of a column: all with the same number of decimals, so that their points are in one
 * line. If the column holds numbers too far apart for that, each is printed with its own significant digits.
 */
export function numberFormat(values: readonly unknown[], type: string): (value: number) => string {
  const digits = /^(float|real)$/i.test(type) ? FLOAT_DIGITS : DOUBLE_DIGITS;
  const sizes = values
    .filter((value) => typeof value === 'number' && value !== 0)
    .map((value) => Math.abs(value as number));
  const decimals = Math.max(0, digits - 1 - exponentOf(Math.max(...sizes)));
  const isWide = decimals + exponentOf(Math.min(...sizes)) + 1 < LEAST_DIGITS || decimals > MOST_DECIMALS;
  if (sizes.every(Number.isInteger) || isWide) return (value) => shortNumber(value, digits);
  const needed = Math.max(...sizes.map((size) => Number(size.toFixed(decimals)).toString()).map(decimalsOf));
  return (value) => value.toFixed(Math.min(decimals, needed));
}

function exponentOf(size: number): number {
  return Math.floor(Math.log10(size));
}

/** Decimals of a number as JavaScript prints it, also of `1.5e-7`. */
function decimalsOf(text: string): number {
  const [, fraction = '', exponent = '0'] = /^\d+(?:\.(\d+))?(?:e(.+))?$/.exec(text) ?? [];
  return Math.max(0, fraction.length - Number(exponent));
}

function shortNumber(value: number, digits: number): string {
  if (Number.isInteger(value)) return String(value);
  if (Math.abs(value) >= 10 ** digits) return String(Math.round(value));
  return String(Number(value.toPrecision(digits)));
}
