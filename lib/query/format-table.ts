import { plural } from '../domain/format-amount.ts';
import type { QueryResult } from '../ports.ts';
import { numberFormat } from './format-number.ts';
import { textWidth } from './text-width.ts';

/** Rows shown in full; of a longer result the first and the last half of this many. */
const ROWS_SHOWN = 40;
/** Text longer than this is cut, unless it is the only column. */
const CELL_WIDTH = 40;
const NULL_SIGN = '–';
const ELLIPSIS = '…';

const SEPARATOR = '  ';

/** One column ready to print. */
interface PrintedColumn {
  readonly name: string;
  readonly alignRight: boolean;
  readonly cells: readonly string[];
  readonly width: number;
}

/** Returns a table no wider than `width`. Its last line is such as `35,040 rows`, with notes about what is left out. */
export function formatTable(result: QueryResult, width: number): string {
  const { columns, rows } = result;
  const half = ROWS_SHOWN / 2;
  const isCut = rows.length > ROWS_SHOWN;
  const shown = isCut ? [...rows.slice(0, half), ...rows.slice(-half)] : rows;
  const cellWidth = columns.length === 1 ? Math.max(width, 1) : Math.min(CELL_WIDTH, Math.max(width, 1));
  const printed = columns.map(({ name, type }, i) =>
    printColumn(
      name,
      type,
      shown.map((row) => row[i]),
      cellWidth,
    ),
  );
  const { kept, elided, position } = fitToWidth(printed, width);

  const visible = elided > 0 ? [...kept.slice(0, position), gapColumn(shown.length), ...kept.slice(position)] : kept;
  const lines = [
    visible.map(({ name }) => name),
    ...shown.map((_, row) => visible.map(({ cells }) => cells[row]!)),
  ].map((cells) => printLine(visible, cells));
  const ellipses = visible.map(() => ELLIPSIS);
  if (isCut) lines.splice(1 + half, 0, printLine(visible, ellipses));

  const notes = [
    `${plural(rows.length, 'row')}${isCut ? ` (first ${half} and last ${half} shown)` : ''}`,
    ...(elided > 0 ? [`${ELLIPSIS} ${plural(elided, 'more column')}`] : []),
  ];
  return `${visible.length > 0 ? lines.join('') : ''}${notes.join(', ')}\n`;
}

const NUMERIC = /^(u?(tiny|small|big|huge)?int|integer|uinteger|double|float|real|decimal.*)$/i;
const TIMESTAMP = /^timestamp/i;

function printColumn(name: string, type: string, values: readonly unknown[], cellWidth: number): PrintedColumn {
  const numberText = numberFormat(values, type);
  const cells = values.map((value) => cutToWidth(cellText(value, type, numberText), cellWidth));
  const head = cutToWidth(plainText(name), cellWidth);
  const width = Math.max(textWidth(ELLIPSIS), textWidth(head), ...cells.map(textWidth));
  return { name: head, alignRight: NUMERIC.test(type), cells, width };
}

function gapColumn(rows: number): PrintedColumn {
  return { name: ELLIPSIS, alignRight: false, cells: Array<string>(rows).fill(ELLIPSIS), width: 1 };
}

/** Returns the columns that fit, from the left and the right end. The others were at `position`. */
function fitToWidth(columns: readonly PrintedColumn[], width: number) {
  const all = columns.reduce((total, column) => total + column.width + SEPARATOR.length, -SEPARATOR.length);
  if (all <= width || columns.length <= 1) return { kept: columns, elided: 0, position: columns.length };

  let room = width - 1;
  let left = 0;
  let right = columns.length;
  const take = (index: number) => {
    const needed = columns[index]!.width + SEPARATOR.length;
    if (needed > room) return false;
    room -= needed;
    return true;
  };
  // Two from the left for each one from the right: keys and what one asked for come first, partitions last.
  for (let turn = 0, refused = 0; refused < 3 && left < right; turn++) {
    const isLeft = turn % 3 < 2;
    if (!take(isLeft ? left : right - 1)) refused++;
    else {
      refused = 0;
      if (isLeft) left++;
      else right--;
    }
  }
  // However narrow the screen, there is one column on it.
  if (left === 0 && right === columns.length) left = 1;
  return { kept: [...columns.slice(0, left), ...columns.slice(right)], elided: right - left, position: left };
}

function cellText(value: unknown, type: string, numberText: (value: number) => string): string {
  if (value === null || value === undefined) return NULL_SIGN;
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'string' && TIMESTAMP.test(type)) return shortTime(value);
  return plainText(typeof value === 'object' ? JSON.stringify(value) : String(value));
}

function shortTime(iso: string): string {
  const match = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})(:\d{2}(?:\.\d+)?)Z$/.exec(iso);
  if (!match) return iso;
  return `${match[1]} ${match[2]}${match[3] === ':00' ? '' : match[3]}`;
}

/** Returns the text without control characters, which could move the cursor or break the row. */
function plainText(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ');
}

function cutToWidth(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let cut = '';
  for (const character of text) {
    if (textWidth(cut + character) > width - 1) break;
    cut += character;
  }
  return cut + ELLIPSIS;
}

function printLine(columns: readonly PrintedColumn[], cells: readonly string[]): string {
  const padded = columns.map(({ alignRight, width }, i) => {
    const space = ' '.repeat(width - textWidth(cells[i]!));
    return alignRight ? space + cells[i]! : cells[i]! + space;
  });
  return `${padded.join(SEPARATOR).trimEnd()}\n`;
}
