/** One benchmark: cases that are each measured in a process of their own, so that their memory peaks do not mix. */
export interface Benchmark {
  /** One line on what is measured. */
  readonly about: string;
  readonly cases: Readonly<Record<string, () => Promise<CaseResult>>>;
  /** Prints the tables; `measure` runs one case. */
  report(measure: (name: string) => Promise<Measured>): Promise<void>;
}

/** The result of a case. It travels as JSON between processes. */
export interface CaseResult {
  /** Candles that each repetition handles, or 0 if the case has no candles. */
  readonly candles: number;
  /** Wall time of each repetition. Empty if the case was skipped. */
  readonly times: readonly number[];
  /** Further measurements by name: times of stages, sizes. */
  readonly parts?: Readonly<Record<string, readonly number[]>>;
  /** The reason if the case was skipped, or another remark for the reader. */
  readonly note?: string;
}

/** A result and the peak of resident memory of the process that measured it. */
export interface Measured extends CaseResult {
  readonly peakMiB: number;
}
