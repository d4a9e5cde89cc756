import cliProgress from 'cli-progress';
import type { RunEvent } from '../app/run-lake.ts';
import { formatDuration } from '../domain/format-amount.ts';
import type { Retry } from '../ports.ts';
import type { RunStep } from '../workflow/run-steps.ts';
import { plainWords, shortUrls } from './plain-text.ts';

type Step = RunStep | 'Audit';
type ProgressEvent = RunEvent | (Omit<RunEvent & { kind: 'progress' }, 'step'> & { readonly step: 'Audit' });

/** Shows a person how far a run is: a bar on a terminal, lines in a file or a pipe, nothing with `--json`. */
interface Progress {
  show(event: ProgressEvent): void;
  /** Takes the bar away. */
  stop(): void;
}

/** The name of each step for people, and of its items. A step without items has no unit. */
const STEPS: Readonly<Record<Step, { readonly label: string; readonly unit: string }>> = {
  Plan: { label: 'plan', unit: '' },
  FetchArchive: { label: 'fetch archive', unit: 'batches' },
  FetchRest: { label: 'fetch rest', unit: 'batches' },
  Refine: { label: 'refine', unit: 'series' },
  PlanHoles: { label: 'plan holes', unit: '' },
  FetchHoles: { label: 'fetch holes', unit: 'batches' },
  RefineHoles: { label: 'refine holes', unit: 'series' },
  FetchStreamArchive: { label: 'stream files', unit: 'batches' },
  FetchStreamRest: { label: 'stream rest', unit: 'batches' },
  RefineStreams: { label: 'refine streams', unit: 'streams' },
  Catalogue: { label: 'catalogue', unit: '' },
  Audit: { label: 'audit', unit: 'checks' },
};

const LABEL_WIDTH = 14;

/** Without a bar, at most one retry in this time is printed. */
const RETRY_LINE_EVERY_MS = 5_000;

const BAR_WIDTH = 24;

export function createProgress(
  stream: NodeJS.WriteStream,
  quiet: boolean,
  nowMs: () => number = () => performance.now(),
): Progress {
  if (quiet) return { show() {}, stop() {} };
  return stream.isTTY ? barProgress(stream, nowMs) : lineProgress(stream, nowMs);
}

function lineProgress(stream: NodeJS.WriteStream, nowMs: () => number): Progress {
  const shown = new Map<Step, number>();
  let current: Step = 'Plan';
  let retryShownMs = Number.NEGATIVE_INFINITY;
  return {
    show(event) {
      if (event.kind === 'notice') stream.write(`${event.text}\n`);
      if (event.kind === 'progress') {
        const { step, done, total } = event;
        current = step;
        // At most ten lines per step, whatever the number of its items.
        const tenth = total === 0 ? 10 : Math.floor((done * 10) / total);
        if (done === 0 || shown.get(step) === tenth) return;
        shown.set(step, tenth);
        stream.write(`${labelOf(step)} ${itemsText(event)}\n`);
      }
      if (event.kind === 'retry') {
        if (nowMs() - retryShownMs < RETRY_LINE_EVERY_MS) return;
        retryShownMs = nowMs();
        const { retry } = event;
        stream.write(`${labelOf(current)} retrying, ${attemptText(retry)}: ${whatFailed(retry.error)}\n`);
      }
    },
    stop() {},
  };
}

function barProgress(stream: NodeJS.WriteStream, nowMs: () => number): Progress {
  let current: { readonly step: Step; readonly bar: cliProgress.SingleBar; readonly startedMs: number } | undefined;
  const stop = () => {
    current?.bar.stop();
    current = undefined;
  };
  return {
    show(event) {
      if (event.kind === 'notice') {
        stop();
        stream.write(`${event.text}\n`);
      }
      if (event.kind === 'progress' && event.total > 0) {
        const { step, done, total, failed } = event;
        if (current?.step !== step) {
          stop();
          const bar = createBar(stream, step);
          bar.start(total, done, { failed, pace: '' } satisfies BarPayload);
          current = { step, bar, startedMs: nowMs() };
        }
        const pace = paceText(done, total, nowMs() - current.startedMs);
        current.bar.update(done, { failed, pace, retry: undefined } satisfies BarPayload);
      }
      if (event.kind === 'retry') current?.bar.update({ retry: event.retry });
    },
    stop,
  };
}

function createBar(stream: NodeJS.WriteStream, step: Step): cliProgress.SingleBar {
  return new cliProgress.SingleBar({
    ...{ stream, hideCursor: true, noTTYOutput: false, fps: 8 },
    format: (_, { progress, value: done, total }, { retry, pace, failed }: BarPayload) => {
      const items = itemsText({ step, done, total, failed });
      // A bar that waits shows why it waits.
      if (retry) return `${labelOf(step)} ${items} (retrying: ${causeText(retry.error)}, ${attemptText(retry)})`;
      const full = Math.round(progress * BAR_WIDTH);
      return `${labelOf(step)} ${'█'.repeat(full)}${'░'.repeat(BAR_WIDTH - full)} ${items} ${pace}`;
    },
  });
}

/** The texts of a bar besides its value. */
interface BarPayload {
  readonly failed: number;
  readonly pace: string;
  readonly retry?: Retry | undefined;
}

function labelOf(step: Step): string {
  return STEPS[step].label.padEnd(LABEL_WIDTH);
}

interface Items {
  readonly step: Step;
  readonly done: number;
  readonly total: number;
  readonly failed: number;
}

/** Returns a text such as `3/5 batches, 1 failed`. A step without items is `done`. */
function itemsText({ step, done, total, failed }: Items): string {
  const { unit } = STEPS[step];
  const items = unit === '' && done === total ? 'done' : `${done}/${total} ${unit}`.trimEnd();
  return failed > 0 ? `${items}, ${failed} failed` : items;
}

function attemptText({ attempt, of, pauseMs }: Retry): string {
  return `attempt ${attempt} of ${of}, ${formatDuration(pauseMs / 1000)}`;
}

/** Returns `HTTP 500`, or the reason why there was no answer, or the error's name. */
function causeText({ name, message }: Error): string {
  return (
    /\bHTTP \d{3}\b/.exec(message)?.[0] ?? / gave no whole answer: ([^(]{1,30})/.exec(message)?.[1]?.trim() ?? name
  );
}

/** Returns what failed and why, as one line. */
function whatFailed({ message }: Error): string {
  return shortUrls(plainWords(message)).slice(0, MAX_CAUSE);
}

const MAX_CAUSE = 160;

/** Returns a text such as `3.1/s, 12 s left`. Empty before the first item and after the last. */
function paceText(done: number, total: number, elapsedMs: number): string {
  if (done === 0 || done === total || elapsedMs < 1) return '';
  const perSecond = (done * 1000) / elapsedMs;
  const rate = perSecond < 10 ? perSecond.toFixed(1) : Math.round(perSecond);
  return `${rate}/s, ${formatDuration((total - done) / perSecond)} left`;
}
