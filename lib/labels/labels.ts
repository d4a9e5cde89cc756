import { forwardReturn } from './forward-return.ts';
import type { Label } from './label.ts';
import { SIGNAL } from './signal.ts';
import { TREND } from './trend.ts';
import { TRIPLE_BARRIER } from './triple-barrier.ts';
import { UNIQUENESS } from './uniqueness.ts';

/** All labels, in the order of their columns in the lake. docs/add-a-label.md says how to add one. */
export const LABELS = [
  SIGNAL,
  TRIPLE_BARRIER,
  forwardReturn(1),
  forwardReturn(5),
  forwardReturn(15),
  forwardReturn(60),
  TREND,
  UNIQUENESS,
] as const satisfies readonly Label[];
