// Of two prices nobody can predict which is the larger, and Math.max branches: these do not, at the price that they are
// for finite numbers only. NaN if either is NaN.

export function larger(a: number, b: number): number {
  const first = Number(a > b);
  return a * first + b * (1 - first);
}

export function smaller(a: number, b: number): number {
  const first = Number(a < b);
  return a * first + b * (1 - first);
}
