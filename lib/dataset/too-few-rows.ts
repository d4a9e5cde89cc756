import { BadInput } from '../domain/errors.ts';
import { isoTime } from '../domain/time-range.ts';
import type { DatasetRequest } from './contract.ts';
import type { SelectedRows } from './select-rows.ts';

/** Returns the rows of a request, as text. */
export function rowsWanted({ label, symbols, interval, fromMs, toMs }: DatasetRequest): string {
  return `${label} of ${symbols.join(', ')} at ${interval} from ${isoTime(fromMs)} to ${isoTime(toMs)}`;
}

/** Names what is missing, and the feature that is null most often if rows were dropped for it. */
export function tooFewRows(
  request: DatasetRequest,
  rows: number,
  { cut, nulls }: Partial<Pick<SelectedRows, 'cut' | 'nulls'>> = {},
): BadInput {
  const blocks = request.folds + 1;
  const [worst] = Object.entries(nulls?.columns ?? {}).sort(([, a], [, b]) => b - a);
  const dropped = cut && cut.nullFeature > 0 && worst ? `${cut.nullFeature} more have a null feature` : undefined;
  const why = dropped ? `; ${dropped}, most often ${worst![0]}: give --nulls keep or --columns without it` : '';
  return new BadInput(
    `lake has ${rows} rows with ${rowsWanted(request)}, expected enough for ${blocks} blocks of time${why}`,
  );
}
