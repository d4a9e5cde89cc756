/** Rows of a file as they were before a change, to the rows after it. */
export type ChangeRows = (rows: readonly string[]) => readonly string[];

interface Rewriting {
  readonly match: string;
  readonly atMs: number;
  readonly change: ChangeRows;
}

/** One version of an archive file: what was changed since it first appeared, and when the last time was. */
interface FileVersion {
  /** 0 as first published; one more for each rewriting since. */
  readonly version: number;
  /** Of the last rewriting; undefined as first published. */
  readonly rewrittenAtMs: number | undefined;
  change(rows: readonly string[]): readonly string[];
}

/**
 * The changes of archive files after they were published. The exchange rewrites some without a notice, years later,
 * with a matching checksum. Others are never there. Files are named by a part of their path.
 */
export class ArchiveHistory {
  readonly #rewritings: Rewriting[] = [];
  readonly #withdrawn: string[] = [];

  /** From `atMs` on the files have other rows, another checksum and a new time stamp. */
  rewrite(match: string, atMs: number, change: ChangeRows = (rows) => rows): void {
    this.#rewritings.push({ match, atMs, change });
  }

  /** The files are neither listed nor served. */
  withdraw(match: string): void {
    this.#withdrawn.push(match);
  }

  isWithdrawn(path: string): boolean {
    return this.#withdrawn.some((match) => path.includes(match));
  }

  /** The version of a file that is published at `nowMs`. */
  versionOf(path: string, nowMs: number): FileVersion {
    const own = this.#rewritings
      .filter(({ match, atMs }) => atMs <= nowMs && path.includes(match))
      .sort((a, b) => a.atMs - b.atMs);
    return {
      version: own.length,
      rewrittenAtMs: own.at(-1)?.atMs,
      change: (rows) => own.reduce((changed, { change }) => change(changed), rows),
    };
  }
}
