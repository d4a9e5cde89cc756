/** The default name of a deployed lake, and so of its stack, Athena workgroup and dashboard. */
export const DEFAULT_LAKE_NAME = 'candlelake';

/** The form of the name of a deployed lake, with its stage, such as `candlelake-dev`. */
export const LAKE_NAME = /^[a-z][a-z0-9-]{1,60}$/;

/** The Glue database of a deployed lake. Glue's names have no hyphens. */
export function databaseName(lakeName: string): string {
  return lakeName.replaceAll('-', '_');
}
