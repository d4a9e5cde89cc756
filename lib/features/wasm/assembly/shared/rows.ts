/**
 * Loops over the rows of kernels that compute each row on its own. `T` is a class with a method `of`, which takes
 * vectors of two rows of each input and returns those of the output. Addresses are those of row 0; for an input `n`
 * rows earlier, take `n` rows off.
 */
export function eachRow1<T>(a: usize, out: usize, begin: i32, end: i32): void {
  const rows = changetype<T>(0);
  const stop = (<usize>end) << 3;
  let at = (<usize>begin) << 3;
  for (; at + 16 <= stop; at += 16) {
    v128.store(out + at, rows.of(v128.load(a + at)));
  }
  if (at < stop) v128.store64_lane(out + at, rows.of(v128.load64_zero(a + at)), 0);
}

/** The same with two inputs. */
export function eachRow2<T>(a: usize, b: usize, out: usize, begin: i32, end: i32): void {
  const rows = changetype<T>(0);
  const stop = (<usize>end) << 3;
  let at = (<usize>begin) << 3;
  for (; at + 16 <= stop; at += 16) {
    v128.store(out + at, rows.of(v128.load(a + at), v128.load(b + at)));
  }
  if (at < stop) v128.store64_lane(out + at, rows.of(v128.load64_zero(a + at), v128.load64_zero(b + at)), 0);
}

/** The same with three inputs. */
export function eachRow3<T>(a: usize, b: usize, c: usize, out: usize, begin: i32, end: i32): void {
  const rows = changetype<T>(0);
  const stop = (<usize>end) << 3;
  let at = (<usize>begin) << 3;
  for (; at + 16 <= stop; at += 16) {
    v128.store(out + at, rows.of(v128.load(a + at), v128.load(b + at), v128.load(c + at)));
  }
  if (at < stop)
    v128.store64_lane(
      out + at,
      rows.of(v128.load64_zero(a + at), v128.load64_zero(b + at), v128.load64_zero(c + at)),
      0,
    );
}

/** The same with four inputs. */
export function eachRow4<T>(a: usize, b: usize, c: usize, d: usize, out: usize, begin: i32, end: i32): void {
  const rows = changetype<T>(0);
  const stop = (<usize>end) << 3;
  let at = (<usize>begin) << 3;
  for (; at + 16 <= stop; at += 16) {
    v128.store(out + at, rows.of(v128.load(a + at), v128.load(b + at), v128.load(c + at), v128.load(d + at)));
  }
  if (at < stop)
    v128.store64_lane(
      out + at,
      rows.of(v128.load64_zero(a + at), v128.load64_zero(b + at), v128.load64_zero(c + at), v128.load64_zero(d + at)),
      0,
    );
}

/** The same with five inputs. */
export function eachRow5<T>(a: usize, b: usize, c: usize, d: usize, e: usize, out: usize, begin: i32, end: i32): void {
  const rows = changetype<T>(0);
  const stop = (<usize>end) << 3;
  let at = (<usize>begin) << 3;
  for (; at + 16 <= stop; at += 16) {
    v128.store(
      out + at,
      rows.of(v128.load(a + at), v128.load(b + at), v128.load(c + at), v128.load(d + at), v128.load(e + at)),
    );
  }
  if (at < stop)
    v128.store64_lane(
      out + at,
      rows.of(
        v128.load64_zero(a + at),
        v128.load64_zero(b + at),
        v128.load64_zero(c + at),
        v128.load64_zero(d + at),
        v128.load64_zero(e + at),
      ),
      0,
    );
}
