/** Amazon States Language in JSONPath, as far as the local run reads it; what else a state says is passed on as it stands. */
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

/** The variables that paths beginning with `$$` see. */
export interface ContextObject {
  readonly Execution: { readonly Name: string };
  readonly Map?: { readonly Item: { readonly Index: number; readonly Value: unknown } };
}
