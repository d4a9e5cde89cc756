import type { View } from './views.ts';

/** The catalogue that Athena's own names without a catalogue mean. */
const CATALOGUE = 'awsdatacatalog';

/**
 * A view as Athena itself keeps it in Glue's `ViewOriginalText`: JSON in base64 in a comment (Trino's
 * ViewReaderUtil reads it). `database` is what unqualified table names in the SQL mean.
 */
export function prestoViewText(view: View, database: string): string {
  const definition = {
    originalSql: view.athena,
    catalog: CATALOGUE,
    schema: database,
    columns: view.columns.map(({ name, type }) => ({ name, type })),
  };
  return `/* Presto View: ${base64(JSON.stringify(definition))} */`;
}

/** Of UTF-8. */
function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
