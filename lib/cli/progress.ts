import cliProgress from 'cli-progress';
import { durationText } from './amounts.ts';

/** Tells a person how far a run is: a bar on a terminal, a plain line a step elsewhere, nothing with `--json`. */
export interface Progress {
  /** `done` of `total` items of a step. */
  report(step: string, done: number, total: number): void;
  /** A line of its own. */
  say(line: string): void;
  stop(): void;
}

/** What a step is called for people, and what its items are. */
const STEPS: Readonly<Record<string, { readonly label: string; readonly unit: string }>> = {
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

export function createProgress(stream: NodeJS.WriteStream, quiet: boolean): Progress {
  if (quiet) return { report() {}, say() {}, stop() {} };
  return stream.isTTY ? barProgress(stream) : lineProgress(stream);
}

function lineProgress(stream: NodeJS.WriteStream): Progress {
  const shown = new Map<string, number>();
  return {
    report(step, done, total) {
      const { label, unit } = STEPS[step] ?? { label: step, unit: '' };
      // At most ten lines a step, however many items it has.
      const tenth = total === 0 ? 10 : Math.floor((done * 10) / total);
      if (done === 0 || shown.get(step) === tenth) return;
      shown.set(step, tenth);
      const items = unit ? `${done}/${total} ${unit}` : 'done';
      stream.write(`${label.padEnd(LABEL_WIDTH)} ${items}\n`);
    },
    say(line) {
      stream.write(`${line}\n`);
    },
    stop() {},
  };
}

function barProgress(stream: NodeJS.WriteStream): Progress {
  let current: { readonly step: string; readonly bar: cliProgress.SingleBar; readonly startedMs: number } | undefined;
  const stop = () => {
    current?.bar.stop();
    current = undefined;
  };
  return {
    report(step, done, total) {
      const { label, unit } = STEPS[step] ?? { label: step, unit: '' };
      if (total === 0) return;
      if (current?.step !== step) {
        stop();
        const format = `${label.padEnd(LABEL_WIDTH)} {bar} {value}/{total} ${unit} {pace}`;
        const bar = new cliProgress.SingleBar(
          { stream, format, barsize: 24, hideCursor: true, noTTYOutput: false, fps: 8 },
          cliProgress.Presets.shades_classic,
        );
        bar.start(total, done, { pace: '' });
        current = { step, bar, startedMs: performance.now() };
      }
      current.bar.update(done, { pace: paceText(done, total, performance.now() - current.startedMs) });
    },
    say(line) {
      stop();
      stream.write(`${line}\n`);
    },
    stop,
  };
}

/** `3.1/s, 12 s left`; nothing before the first item and after the last. */
function paceText(done: number, total: number, elapsedMs: number): string {
  if (done === 0 || done === total || elapsedMs < 1) return '';
  const perSecond = (done * 1000) / elapsedMs;
  const rate = perSecond < 10 ? perSecond.toFixed(1) : Math.round(perSecond);
  return `${rate}/s, ${durationText((total - done) / perSecond)} left`;
}
