const INTEGERS = ['tinyint', 'smallint', 'integer', 'int', 'bigint'];
const FLOATS = ['double', 'float', 'real'];

/**
 * Athena sends every value as text; this is the value as JSON has it, by the column's type. Timestamps are UTC in this
 * lake and become ISO text; integers beyond 2^53 and decimals that a number cannot hold stay text.
 */
export function parseAthenaValue(type: string, text: string | undefined): unknown {
  if (text === undefined) return null;
  if (type === 'boolean') return text === 'true';
  if (INTEGERS.includes(type)) return Number.isSafeInteger(Number(text)) ? Number(text) : text;
  // JSON has no NaN and no infinity: these stay the words they are.
  if (FLOATS.includes(type)) return Number.isFinite(Number(text)) ? Number(text) : text;
  if (type.startsWith('decimal')) return significantDigits(text) <= 15 ? Number(text) : text;
  if (type.startsWith('timestamp')) return isoText(text);
  return text;
}

function significantDigits(text: string): number {
  return text.replace(/[-.]/g, '').replace(/^0+/, '').length;
}

/** `2024-02-01 12:00:00.000` and `2024-02-01 12:00:00.000 UTC`; other zones stay as they are. */
function isoText(text: string): string {
  const match = /^(\d{4,}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})(?:\.(\d+))?(?: UTC)?$/.exec(text);
  if (!match) return text;
  const fraction = (match[3] ?? '').replace(/0+$/, '');
  return `${match[1]}T${match[2]}${fraction === '' ? '' : `.${fraction.padEnd(3, '0')}`}Z`;
}
