/** Name of a deployed lake unless it is given another: its stack, Athena workgroup and dashboard have it too. */
export const DEFAULT_LAKE_NAME = 'candlelake';

/** What a deployed lake may be called, its stage included, such as `candlelake-dev`. */
export const LAKE_NAME = /^[a-z][a-z0-9-]{1,60}$/;

/** Glue database of the deployed lake of this name; Glue's names have no hyphens. */
export function databaseName(lakeName: string): string {
  return lakeName.replaceAll('-', '_');
}
