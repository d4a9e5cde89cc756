import { distance } from 'fastest-levenshtein';

/** Partition columns that people compare with a name. */
const COLUMNS = ['market', 'symbol', 'interval'] as const;
type Column = (typeof COLUMNS)[number];

const MOST_NAMED = 3;

/** The names that a lake holds, by column. */
type HeldNames = Readonly<Record<Column, ReadonlySet<string>>>;

/** Collects the names from the keys of a lake's objects. */
export function heldNames(keys: Iterable<string>): HeldNames {
  const held = { market: new Set<string>(), symbol: new Set<string>(), interval: new Set<string>() };
  for (const key of keys) {
    for (const [, column, name] of key.matchAll(/\/(market|symbol|interval)=([^/]+)/g))
      held[column as Column].add(name!);
  }
  return held;
}

/**
 * Returns a line for each name that the SQL compares `market`, `symbol` or `interval` with although the lake does not
 * hold it: no row can match. The line gives the nearest name that the lake holds.
 */
export function unknownNames(sql: string, held: HeldNames): string[] {
  return literalsOf(sql).flatMap(({ column, name }) => {
    const names = [...held[column]].sort();
    if (names.length === 0 || held[column].has(name)) return [];
    const near = nearest(name, names);
    const listed = (near.length > 0 ? near : names)
      .slice(0, MOST_NAMED)
      .map((one) => `'${one}'`)
      .join(', ');
    const more = near.length === 0 && names.length > MOST_NAMED ? ', …' : '';
    return [`this lake has no ${column} '${name}', ${near.length > 0 ? 'the nearest is' : 'it has'} ${listed}${more}`];
  });
}

/**
 * The texts that a statement compares a column with by `=` or IN. Reads the words and does not parse: it is for hints
 * only.
 */
function literalsOf(sql: string): { column: Column; name: string }[] {
  const bare = sql.replaceAll(/--[^\n]*|\/\*[\s\S]*?\*\//g, ' ');
  const text = `'((?:[^']|'')*)'`;
  const column = `\\b(${COLUMNS.join('|')})\\b"?`;
  const found = [
    ...bare.matchAll(new RegExp(`${column}\\s*==?\\s*${text}`, 'gi')),
    ...[...bare.matchAll(new RegExp(`${text}\\s*==?\\s*(?:\\w+\\.)?"?${column}`, 'gi'))].map(([all, a, b]) => [
      all,
      b,
      a,
    ]),
    ...[...bare.matchAll(new RegExp(`${column}\\s+IN\\s*\\(([^()]*)\\)`, 'gi'))].flatMap(([all, name, list]) =>
      [...list!.matchAll(new RegExp(text, 'g'))].map(([, literal]) => [all, name, literal]),
    ),
  ];
  const literals = found.map(([, name, literal]) => ({
    column: name!.toLowerCase() as Column,
    name: literal!.replaceAll("''", "'"),
  }));
  return literals.filter(
    (one, i) => literals.findIndex(({ column, name }) => column === one.column && name === one.name) === i,
  );
}

/** The name itself in other letters, or those that the fewest changed letters lead to; none if a third would change. */
function nearest(name: string, names: readonly string[]): string[] {
  const same = names.filter((one) => one.toLowerCase() === name.toLowerCase());
  if (same.length > 0) return same;
  const distances = names.map((one) => distance(one.toLowerCase(), name.toLowerCase()));
  const least = Math.min(...distances);
  return least <= name.length / 3 ? names.filter((_, i) => distances[i] === least) : [];
}
