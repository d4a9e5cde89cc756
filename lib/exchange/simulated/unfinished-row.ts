/**
 * A candle as it looked when only a share of its time had passed: same open and times, less of everything else.
 * Decimals are kept, so nothing but the values gives it away.
 */
export function unfinishedRow(row: string, share: number): string {
  const fields = row.split(',');
  const open = Number(fields[1]);
  const toward = (text: string) => (open + (Number(text) - open) * share).toFixed(decimalsOf(text));
  const part = (text: string) => (Number(text) * share).toFixed(decimalsOf(text));
  const close = toward(fields[4]);
  // Rounded towards the open each on its own, these keep low ≤ close ≤ high.
  fields[2] = toward(fields[2]);
  fields[3] = toward(fields[3]);
  fields[4] = close;
  for (const column of [5, 7, 9, 10]) fields[column] = part(fields[column]);
  fields[8] = String(Math.round(Number(fields[8]) * share));
  return fields.join(',');
}

function decimalsOf(text: string): number {
  const point = text.indexOf('.');
  return point < 0 ? 0 : text.length - point - 1;
}
