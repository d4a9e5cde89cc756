import type { Interval } from '../../lib/domain/interval.ts';
import type { LabelWindow } from '../../lib/labels/label.ts';
import { LABEL_COLUMNS } from '../../lib/labels/schema.ts';
import { signalBase, signalHorizon } from '../../lib/labels/signal.ts';
import { type Row, rowsOf, sampleWindow, UNDEFINED } from './label-rows.ts';

/** The definition of `signal`: walks from the row until a candle touches a barrier or the horizon is reached. */
function signalByWalking(interval: Interval, { high, low, close, sigma }: LabelWindow, t: number) {
  const target = signalBase(interval) * sigma[t]!;
  const labelled = target > 0;
  for (let bars = 1; bars <= signalHorizon(interval) && t + bars < close.length; bars++) {
    const j = t + bars;
    const up = labelled && high[j]! >= close[t]! * (1 + target);
    const down = labelled && low[j]! <= close[t]! * (1 - target);
    if (!up && !down && bars < signalHorizon(interval)) continue;
    const [side, gain] = down ? [0, -target] : up ? [1, target] : [2, close[j]! / close[t]! - 1];
    return { labelled, exit: j, target, bars, side: side!, gain: gain!, ambiguous: up && down ? 1 : 0 };
  }
  return undefined;
}

/** The triple barrier on closes, with σ by the textbook. */
function tripleBarrierByWalking({ close }: LabelWindow, t: number) {
  const returns = Array.from({ length: 20 }, (_, k) => close[t - k]! / close[t - k - 1]! - 1);
  const mean = returns.reduce((sum, r) => sum + r, 0) / 20;
  const sigma = Math.sqrt(returns.reduce((sum, r) => sum + (r - mean) ** 2, 0) / 19);
  // A deviation that consists of rounding errors counts as zero.
  if (!(sigma > 1e-12)) return undefined;
  for (let bars = 1; bars <= 20; bars++) {
    const change = close[t + bars]! / close[t]! - 1;
    const side = change >= 2 * sigma ? 1 : change <= -2 * sigma ? -1 : 0;
    if (side !== 0 || bars === 20) return { side, change, exit: t + bars };
  }
  return undefined;
}

function labelsByWalking(interval: Interval, window: LabelWindow): Row[] {
  const { openTimeMs, knownAtMs, close } = window;
  const all = Array.from(close, (_, t) => signalByWalking(interval, window, t));
  /** Labels that cover a candle; those still open at the end of the window cover all that is left of it. */
  const covering = (c: number) => {
    let count = 0;
    for (let i = Math.max(0, c - signalHorizon(interval)); i <= c; i++) {
      if (window.sigma[i]! > 0 && (all[i]?.exit ?? Number.POSITIVE_INFINITY) >= c) count++;
    }
    return count;
  };
  const coverings = Array.from(close, (_, c) => covering(c));
  const rows: Row[] = [];
  for (let t = 0; t + 60 < close.length; t++) {
    const signal = all[t];
    if (!signal) continue;
    const { labelled, exit } = signal;
    const only = (value: number) => (labelled ? value : UNDEFINED);
    let unique = 0;
    for (let c = t; c <= exit; c++) unique += 1 / coverings[c]!;
    const barrier = t < 20 ? undefined : tripleBarrierByWalking(window, t);
    const ahead = (n: number) => close[t + n]! / close[t]! - 1;
    rows.push({
      open_time: openTimeMs[t]!,
      known_at: knownAtMs[Math.max(exit, t + 60)]!,
      signal: only(signal.side),
      signal_target: only(signal.target),
      signal_bars: only(signal.bars),
      signal_return: only(signal.gain),
      signal_t1: only(knownAtMs[exit]!),
      signal_ambiguous: only(signal.ambiguous),
      tb_2_20: barrier?.side ?? UNDEFINED,
      tb_2_20_return: barrier?.change ?? UNDEFINED,
      tb_2_20_t1: barrier ? knownAtMs[barrier.exit]! : UNDEFINED,
      fwd_return_1: ahead(1),
      fwd_return_5: ahead(5),
      fwd_return_15: ahead(15),
      fwd_return_60: ahead(60),
      trend_up_15: ahead(15) > 0 ? 1 : 0,
      uniqueness: only(unique / (exit - t + 1)),
    });
  }
  return rows;
}

describe('all labels, by walking on from every row', () => {
  test.each(['1m', '15m', '1h', '2h', '4h', '1d'] as const)('at %s', (interval) => {
    const outcomes = new Set<number>();
    for (const seed of [1, 2, 3]) {
      const window = sampleWindow(interval, 1700, seed, [0.005, 0.02, 0.06][seed - 1]);
      const expected = labelsByWalking(interval, window);
      expectSame(rowsOf(interval, window), expected);
      for (const { signal } of expected) outcomes.add(signal);
    }
    expect([...outcomes].sort()).toEqual([0, 1, 2, Number.NaN].sort());
  });

  test('on a market that never moves, so that every row is walked to the horizon', () => {
    const window = sampleWindow('1m', 1800, 1, 0.5);
    const still = { ...window, high: window.high.fill(101), low: window.low.fill(99), close: window.close.fill(100) };
    window.sigma.fill(0.1);
    expectSame(rowsOf('1m', still), labelsByWalking('1m', still));
    window.high[1700] = 130;
    expectSame(rowsOf('1m', still), labelsByWalking('1m', still));
    expect(rowsOf('1m', still).filter((row) => row.signal === 1)).toHaveLength(1440);
  });
});

/** Equal to the last bit, all labels of all rows. */
function expectSame(rows: readonly Row[], expected: readonly Row[]): void {
  expect(rows).toHaveLength(expected.length);
  const unequal = rows.filter((row, i) => LABEL_COLUMNS.some((name) => !Object.is(row[name], expected[i]![name])));
  expect(unequal.slice(0, 3)).toEqual([]);
}
