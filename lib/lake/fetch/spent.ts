/** What fetching took. */
export interface Spent {
  readonly requests: number;
  readonly bytes: number;
  readonly restWeight: number;
}
