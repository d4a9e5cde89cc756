/**
 * Twins of `plainNumbers` in writer/plain-numbers.ts, one for each width. Eight rows at a time; the last eight are
 * filled up with NaN. A number is finite if its difference from itself is zero.
 */
export function plainFloats(input: usize, rows: i32, values: usize, bits: usize, bounds: usize): i32 {
  const zero = f32x4.splat(0);
  const top = f32x4.splat(Infinity);
  const bottom = f32x4.splat(-Infinity);
  let min = top;
  let max = bottom;
  let out = values;
  fillUp(input, rows);
  for (let row = 0; row < rows; row += 8) {
    const at = input + ((<usize>row) << 3);
    const a = fourFloats(at);
    const b = fourFloats(at + 32);
    const finiteA = f32x4.eq(f32x4.sub(a, a), zero);
    const finiteB = f32x4.eq(f32x4.sub(b, b), zero);
    const finite = i32x4.bitmask(finiteA) | (i32x4.bitmask(finiteB) << 4);
    store<u8>(bits + (row >> 3), finite);
    if (finite == 0xff) {
      min = f32x4.pmin(min, f32x4.pmin(a, b));
      max = f32x4.pmax(max, f32x4.pmax(a, b));
      v128.store(out, a);
      v128.store(out, b, 16);
      out += 32;
    } else if (finite != 0) {
      min = f32x4.pmin(min, f32x4.pmin(v128.bitselect(a, top, finiteA), v128.bitselect(b, top, finiteB)));
      max = f32x4.pmax(max, f32x4.pmax(v128.bitselect(a, bottom, finiteA), v128.bitselect(b, bottom, finiteB)));
      for (let lane = 0; lane < 8; lane++) {
        store<f32>(out, <f32>load<f64>(at + (lane << 3)));
        out += ((finite >> lane) & 1) << 2;
      }
    }
  }
  min = f32x4.pmin(min, v128.shuffle<i32>(min, min, 2, 3, 0, 1));
  max = f32x4.pmax(max, v128.shuffle<i32>(max, max, 2, 3, 0, 1));
  min = f32x4.pmin(min, v128.shuffle<i32>(min, min, 1, 0, 3, 2));
  max = f32x4.pmax(max, v128.shuffle<i32>(max, max, 1, 0, 3, 2));
  store<f64>(bounds, f32x4.extract_lane(min, 0));
  store<f64>(bounds, f32x4.extract_lane(max, 0), 8);
  return <i32>((out - values) >> 2);
}

export function plainDoubles(input: usize, rows: i32, values: usize, bits: usize, bounds: usize): i32 {
  const top = f64x2.splat(Infinity);
  const bottom = f64x2.splat(-Infinity);
  let min = top;
  let max = bottom;
  let out = values;
  fillUp(input, rows);
  for (let row = 0; row < rows; row += 8) {
    const at = input + ((<usize>row) << 3);
    let finite = 0;
    for (let pair = 0; pair < 4; pair++) {
      const x = v128.load(at + (pair << 4));
      const defined = f64x2.eq(f64x2.sub(x, x), f64x2.splat(0));
      finite |= i64x2.bitmask(defined) << (pair << 1);
      min = f64x2.pmin(min, v128.bitselect(x, top, defined));
      max = f64x2.pmax(max, v128.bitselect(x, bottom, defined));
    }
    store<u8>(bits + (row >> 3), finite);
    if (finite == 0xff) {
      for (let offset = 0; offset < 64; offset += 16) v128.store(out + offset, v128.load(at + offset));
      out += 64;
    } else {
      for (let lane = 0; lane < 8; lane++) {
        store<f64>(out, load<f64>(at + (lane << 3)));
        out += ((finite >> lane) & 1) << 3;
      }
    }
  }
  store<f64>(bounds, Math.min(f64x2.extract_lane(min, 0), f64x2.extract_lane(min, 1)));
  store<f64>(bounds, Math.max(f64x2.extract_lane(max, 0), f64x2.extract_lane(max, 1)), 8);
  return <i32>((out - values) >> 3);
}

/** Writes NaN after the last row, up to a multiple of eight rows. */
function fillUp(input: usize, rows: i32): void {
  for (let row = rows; row & 7; row++) store<f64>(input + ((<usize>row) << 3), NaN);
}

/** Rounds four doubles to floats. */
function fourFloats(at: usize): v128 {
  const low = f32x4.demote_f64x2_zero(v128.load(at));
  const high = f32x4.demote_f64x2_zero(v128.load(at, 16));
  return v128.shuffle<i64>(low, high, 0, 2);
}
