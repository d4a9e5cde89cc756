/**
 * A definition in Amazon States Language with JSONPath. Fields that the local run does not read reach the library
 * unchanged.
 */
export interface Definition {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
  readonly [field: string]: unknown;
}

export interface State {
  readonly Type: string;
  readonly [field: string]: unknown;
}

export interface TaskState extends State {
  readonly Type: 'Task';
  readonly Resource: string;
}

export interface DistributedMapState extends State {
  readonly Type: 'Map';
  readonly ItemProcessor: Definition;
  readonly ItemReader: { readonly Parameters: unknown };
  readonly ItemSelector?: unknown;
  readonly ResultWriter?: { readonly Parameters: unknown };
  readonly MaxConcurrency?: number;
  readonly ToleratedFailureCount?: number;
  readonly ToleratedFailurePercentage?: number;
}

/** The object that paths beginning with `$$` read. */
export interface ContextObject {
  readonly Execution: { readonly Name: string };
  readonly Map?: { readonly Item: { readonly Index: number; readonly Value: unknown } };
}

/** Returns an error with one of the names that Amazon States Language defines. */
export function statesError(name: `States.${string}`, message: string): Error {
  return Object.assign(new Error(message), { name });
}
