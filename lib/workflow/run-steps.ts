/** The states of a run that do work, in order. lib/infra builds the machine with these names. */
export const RUN_STEPS = [
  'Plan',
  'FetchArchive',
  'FetchRest',
  'Refine',
  'PlanHoles',
  'FetchHoles',
  'RefineHoles',
  'FetchStreamArchive',
  'FetchStreamRest',
  'RefineStreams',
  'Catalogue',
] as const;
export type RunStep = (typeof RUN_STEPS)[number];
