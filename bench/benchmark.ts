/** One benchmark: cases that are each measured in a process of their own, so that their memory peaks do not mix. */
export interface Benchmark {
  /** One line on what is measured. */
  readonly about: string;
  readonly cases: Readonly<Record<string, () => Promise<CaseResult>>>;
  /** Prints the tables; `measure` runs one case. */
  report(measure: (name: string) => Promise<Measured>): Promise<void>;
}

/** What a case hands back; travels as JSON between processes. */
export interface CaseResult {
  /** Candles that each repetition handles; 0 where that means nothing. */
  readonly candles: number;
  /** Wall time of each repetition. Empty where the case was skipped. */
  readonly times: readonly number[];
  /** Further measurements by name: times of stages, sizes. */
  readonly parts?: Readonly<Record<string, readonly number[]>>;
  /** Why it was skipped, or what else a reader should know. */
  readonly note?: string;
}

/** A result and the peak of resident memory of the process that measured it. */
export interface Measured extends CaseResult {
  readonly peakMiB: number;
}
