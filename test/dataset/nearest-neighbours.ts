/** Votes of the `k` nearest rows, by Euclidean distance: a small classifier that remembers what it has seen. */
export function predictByNeighbours(
  train: { readonly points: readonly Float64Array[]; readonly classes: readonly number[] },
  points: readonly Float64Array[],
  k: number,
): number[] {
  return points.map((point) => {
    const nearest: { distance: number; class: number }[] = [];
    let furthest = Number.POSITIVE_INFINITY;
    train.points.forEach((other, i) => {
      let distance = 0;
      for (let d = 0; d < point.length && distance < furthest; d++) distance += (point[d]! - other[d]!) ** 2;
      if (distance >= furthest) return;
      nearest.push({ distance, class: train.classes[i]! });
      nearest.sort((a, b) => a.distance - b.distance);
      if (nearest.length > k) nearest.pop();
      if (nearest.length === k) furthest = nearest[k - 1]!.distance;
    });
    const votes = new Map<number, number>();
    for (const neighbour of nearest) votes.set(neighbour.class, (votes.get(neighbour.class) ?? 0) + 1);
    return [...votes].sort((a, b) => b[1] - a[1])[0]![0];
  });
}
