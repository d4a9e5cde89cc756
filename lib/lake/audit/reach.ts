import { ExchangeBusy, ExchangeRefused } from '../../domain/errors.ts';

export type Half = 'archive' | 'REST';

/** Which halves of the exchange answer. One that does not is not asked again, and its checks are left out. */
export interface Reach {
  /** The answer, or undefined where that half is out of reach. Other errors pass. */
  ask<T>(half: Half, question: () => Promise<T>): Promise<T | undefined>;
  isOut(half: Half): boolean;
  /** One line for each half that is out of reach. */
  notices(): string[];
}

/** @param offline why nobody is asked at all, or undefined */
export function createReach(offline?: string): Reach {
  const out = new Map<Half, string>();
  if (offline !== undefined) for (const half of ['archive', 'REST'] as const) out.set(half, offline);
  return {
    async ask(half, question) {
      if (out.has(half)) return undefined;
      try {
        return await question();
      } catch (error) {
        if (!(error instanceof ExchangeBusy || error instanceof ExchangeRefused)) throw error;
        out.set(half, `${half} is out of reach (${error.message}); what it would be compared with is left out`);
        return undefined;
      }
    },
    isOut: (half) => out.has(half),
    notices: () => [...new Set(out.values())],
  };
}
