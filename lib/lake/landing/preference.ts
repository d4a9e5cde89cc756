import { SOURCES, type Source } from '../../domain/chunk.ts';

/** A landed object, by all that decides whose row is used if several objects have one of the same time. */
export interface Preferable {
  readonly source: Source;
  readonly fetchedAtMs: number;
  readonly sha256: string;
  /** True if a newer version of the same archive file has landed. */
  readonly superseded?: boolean | undefined;
}

/**
 * Sorts objects best first: current versions before superseded ones; monthly before daily before REST; the one fetched
 * later. The hash only makes the order total.
 */
export function byPreference(a: Preferable, b: Preferable): number {
  return byKind(a, b) || byFetched(a, b);
}

/** Sorts by version and source. */
export function byKind(a: Preferable, b: Preferable): number {
  return (
    Number(a.superseded ?? false) - Number(b.superseded ?? false) ||
    SOURCES.indexOf(a.source) - SOURCES.indexOf(b.source)
  );
}

/** Sorts the one fetched later first. */
export function byFetched(a: Preferable, b: Preferable): number {
  return b.fetchedAtMs - a.fetchedAtMs || (a.sha256 < b.sha256 ? -1 : a.sha256 > b.sha256 ? 1 : 0);
}
