/**
 * Twin of `codeFlags` in writer/code-flags.ts. Eight rows at a time; the last eight are filled up with NaN. Null is 0
 * while it is coded.
 */
export function codeFlags(input: usize, rows: i32, codes: usize, bits: usize, used: usize): i32 {
  let refused = i32x4.splat(0);
  let count = 0;
  let last: u64 = 0;
  let lastHadNoNull = false;
  for (let row = rows; row & 7; row++) store<f64>(input + ((<usize>row) << 3), NaN);
  for (let row = 0; row < rows; row += 8) {
    const at = input + ((<usize>row) << 3);
    let finite = 0;
    for (let pair = 0; pair < 4; pair++) {
      const x = v128.load(at + (pair << 4));
      const isNumber = f64x2.eq(f64x2.sub(x, x), f64x2.splat(0));
      const numbers = v128.and(x, isNumber);
      const whole = i32x4.trunc_sat_f64x2_s_zero(numbers);
      refused = v128.or(refused, f64x2.ne(f64x2.convert_low_i32x4_s(whole), numbers));
      finite |= i64x2.bitmask(isNumber) << (pair << 1);
      v128.store64_lane(at + (pair << 3), whole, 0);
    }
    // Eight numbers of 32 bits now lie where four doubles were.
    const wide = i16x8.add(i16x8.narrow_i32x4_s(v128.load(at), v128.load(at, 16)), i16x8.splat(128));
    refused = v128.or(refused, v128.and(wide, i16x8.splat(-256)));
    const eight = i64x2.extract_lane(i8x16.narrow_i16x8_u(wide, wide), 0);
    store<u64>(codes + row, eight);
    store<u8>(bits + (row >> 3), finite);
    count += popcnt(finite);
    // Many rows have the codes of the rows before. Those are not all used if there was a null, which has a code too.
    const hasNoNull = finite == 0xff;
    if (hasNoNull && lastHadNoNull && eight == last) continue;
    last = eight;
    lastHadNoNull = hasNoNull;
    for (let lane = 0; lane < 8; lane++) {
      if ((finite >> lane) & 1) store<u8>(used + load<u8>(codes + row + lane), 1);
    }
  }
  return v128.any_true(refused) ? -1 : count;
}

/** Twin of `definedPlaces` in writer/code-flags.ts. */
export function definedPlaces(codes: usize, bits: usize, rows: i32, places: usize, out: usize): i32 {
  let count = 0;
  for (let row = 0; row < rows; row++) {
    store<u8>(out + count, load<u8>(places + load<u8>(codes + row)));
    count += (load<u8>(bits + (row >> 3)) >> (row & 7)) & 1;
  }
  return count;
}
