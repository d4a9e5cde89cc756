import { eachRow2 } from './shared/rows';

/** Twin of `deltaVolume` in kernels/delta-volume.ts. */
export function deltaVolume(volume: usize, bought: usize, out: usize, begin: i32, end: i32, _index: i32): void {
  eachRow2<DeltaVolume>(volume, bought, out, begin, end);
}

@unmanaged
class DeltaVolume {
  @inline of(volume: v128, bought: v128): v128 {
    return f64x2.sub(f64x2.mul(f64x2.splat(2), bought), volume);
  }
}
