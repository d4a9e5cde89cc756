/** Parts of the natural logarithm of 2, and the coefficients of the series, as in fdlibm. */
const LN2_HIGH: f64 = 0.6931471803691238;
const LN2_LOW: f64 = 1.9082149292705877e-10;
const LG1: f64 = 0.6666666666666735;
const LG2: f64 = 0.3999999999940942;
const LG3: f64 = 0.2857142874366239;
const LG4: f64 = 0.22222198432149784;
const LG5: f64 = 0.1818357216161805;
const LG6: f64 = 0.15313837699209373;
const LG7: f64 = 0.14798198605116586;

const MANTISSA: i64 = 0x000fffffffffffff;
const ONE: i64 = 0x3ff0000000000000;
/** Doubles from here on, up to the infinity, are numbers of full precision. */
const LEAST_NORMAL: f64 = 2.2250738585072014e-308;
/** This near to 1 fdlibm takes a shorter series. */
const NEAR_ONE: f64 = 9.5367431640625e-7;

/**
 * Returns the natural logarithms of two doubles, with the bits of `Math.log` in V8, which is the `log` of fdlibm (Sun
 * 1993): x is 2^k (1 + f), and log(1 + f) is a series of f ÷ (2 + f).
 */
export function naturalLogs(x: v128): v128 {
  const usual = v128.and(f64x2.ge(x, f64x2.splat(LEAST_NORMAL)), f64x2.lt(x, f64x2.splat(Infinity)));
  // Moves what is above √2 to the power of 2 above, as fdlibm does by the 20 highest bits of the mantissa.
  const high = i64x2.add(v128.and(x, i64x2.splat(MANTISSA)), i64x2.splat(0x95f6400000000));
  const carry = v128.and(high, i64x2.splat(0x10000000000000));
  const mantissa = v128.and(x, i64x2.splat(MANTISSA));
  const f = f64x2.sub(v128.or(mantissa, v128.xor(carry, i64x2.splat(ONE))), f64x2.splat(1));
  const near = f64x2.le(f64x2.abs(f), f64x2.splat(NEAR_ONE));
  if (v128.any_true(v128.or(near, v128.not(usual)))) {
    const first = naturalLog(f64x2.extract_lane(x, 0));
    return f64x2.replace_lane(f64x2.splat(first), 1, naturalLog(f64x2.extract_lane(x, 1)));
  }
  const exponents = i64x2.sub(i64x2.add(i64x2.shr_u(x, 52), i64x2.shr_u(carry, 52)), i64x2.splat(1023));
  const k = f64x2.convert_low_i32x4_s(v128.shuffle<i32>(exponents, exponents, 0, 2, 0, 2));
  const s = f64x2.div(f, f64x2.add(f64x2.splat(2), f));
  const z = f64x2.mul(s, s);
  const w = f64x2.mul(z, z);
  const even = f64x2.mul(w, plus(LG2, w, plus(LG4, w, f64x2.splat(LG6))));
  const odd = f64x2.mul(z, plus(LG1, w, plus(LG3, w, plus(LG5, w, f64x2.splat(LG7)))));
  const r = f64x2.add(odd, even);
  // Either a branch for f between −0.17 and 0.17, of which the squares are left out, or one with them.
  const word = i64x2.shr_u(mantissa, 32);
  const above = i64x2.sub(word, i64x2.splat(0x6147a));
  const below = i64x2.sub(i64x2.splat(0x6b851), word);
  const squared = i64x2.gt_s(v128.or(above, below), i64x2.splat(0));
  const half = f64x2.mul(f64x2.mul(f64x2.splat(0.5), f), f);
  const low = f64x2.mul(k, f64x2.splat(LN2_LOW));
  const top = f64x2.mul(k, f64x2.splat(LN2_HIGH));
  const withSquares = f64x2.sub(half, f64x2.add(f64x2.mul(s, f64x2.add(half, r)), low));
  const without = f64x2.sub(f64x2.mul(s, f64x2.sub(f, r)), low);
  return f64x2.sub(top, f64x2.sub(v128.bitselect(withSquares, without, squared), f));
}

/** Returns `a + w * b`. */
function plus(a: f64, w: v128, b: v128): v128 {
  return f64x2.add(f64x2.splat(a), f64x2.mul(w, b));
}

/** Returns the natural logarithm of one double, with the bits of `Math.log` in V8. */
export function naturalLog(x: f64): f64 {
  let k = 0;
  if (x < LEAST_NORMAL) {
    if (x == 0) return -Infinity;
    if (x < 0) return NaN;
    k = -54;
    x *= 18014398509481984;
  }
  if (!(x < Infinity)) return x + x;
  const bits = reinterpret<i64>(x);
  const word = <i32>(bits >> 32) & 0xfffff;
  const carry = (word + 0x95f64) & 0x100000;
  k += <i32>(bits >> 52) - 1023 + (carry >> 20);
  const high = <i64>(word | (carry ^ 0x3ff00000));
  const f = reinterpret<f64>((high << 32) | (bits & 0xffffffff)) - 1;
  const dk = <f64>k;
  if ((0xfffff & (2 + word)) < 3) {
    if (f == 0) return k == 0 ? 0 : dk * LN2_HIGH + dk * LN2_LOW;
    const r = f * f * (0.5 - 0.3333333333333333 * f);
    return k == 0 ? f - r : dk * LN2_HIGH - (r - dk * LN2_LOW - f);
  }
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const even = w * (LG2 + w * (LG4 + w * LG6));
  const r = z * (LG1 + w * (LG3 + w * (LG5 + w * LG7))) + even;
  if (((word - 0x6147a) | (0x6b851 - word)) > 0) {
    const half = 0.5 * f * f;
    return k == 0 ? f - (half - s * (half + r)) : dk * LN2_HIGH - (half - (s * (half + r) + dk * LN2_LOW) - f);
  }
  return k == 0 ? f - s * (f - r) : dk * LN2_HIGH - (s * (f - r) - dk * LN2_LOW - f);
}
