import { ExchangeBusy, UnexpectedFormat } from '../domain/errors.ts';
import type { Http, HttpAnswer, HttpOptions } from '../ports.ts';

interface HttpDefaults {
  /** Longest silence: before the answer begins, and between two pieces of it. 30 s where left out. */
  readonly timeoutMs?: number;
  /** Largest answer taken. 256 MiB where left out. */
  readonly maxBytes?: number;
}

/** However slowly an answer drips, it must be whole within this many times its timeout. */
const WHOLE_ANSWER_TIMEOUTS = 20;

/**
 * HTTP over Node's own fetch. Redirects are not followed: an answer from another host than the one asked is not the
 * exchange's, so a 3xx comes back as it is.
 */
export function createHttp(defaults: HttpDefaults = {}): Http {
  return {
    async get(url, options = {}) {
      const timeoutMs = options.timeoutMs ?? defaults.timeoutMs ?? 30_000;
      const maxBytes = options.maxBytes ?? defaults.maxBytes ?? 256 * 1024 * 1024;
      const silence = watchSilence(timeoutMs);
      try {
        return await getWhole(url, options, maxBytes, silence);
      } catch (error) {
        if (error instanceof UnexpectedFormat) throw error;
        throw new ExchangeBusy(`${withoutSignature(url)} gave no whole answer: ${reasonOf(error)}`, { cause: error });
      } finally {
        silence.end();
      }
    },
  };
}

async function getWhole(url: string, options: HttpOptions, maxBytes: number, silence: Silence): Promise<HttpAnswer> {
  const answer = await fetch(url, {
    headers: { 'user-agent': 'candlelake', ...options.headers },
    redirect: 'manual',
    signal: silence.signal,
  });
  const headers = Object.fromEntries(answer.headers);
  const declared = declaredBytes(headers);
  const tooLarge = (bytes: number): UnexpectedFormat =>
    new UnexpectedFormat(`${withoutSignature(url)} must answer at most ${maxBytes} bytes, got ${bytes} or more`);
  const pieces: Uint8Array[] = [];
  let received = 0;
  if (answer.body) {
    for await (const piece of answer.body) {
      silence.broken();
      received += piece.byteLength;
      if (received > maxBytes) throw tooLarge(received);
      pieces.push(piece);
    }
  }
  if (declared !== undefined && received !== declared) {
    throw new Error(`body has ${received} bytes, content-length says ${declared}`);
  }
  return { status: answer.status, headers, body: Buffer.concat(pieces) };
}

/** The length that the header promises of the bytes we see; undefined if they were unpacked on the way. */
function declaredBytes(headers: Readonly<Record<string, string>>): number | undefined {
  const length = headers['content-length'];
  return length === undefined || headers['content-encoding'] !== undefined ? undefined : Number(length);
}

interface Silence {
  readonly signal: AbortSignal;
  /** A piece has come. */
  broken(): void;
  end(): void;
}

function watchSilence(timeoutMs: number): Silence {
  const controller = new AbortController();
  const whole = setTimeout(
    () => controller.abort(new Error(`not whole after ${timeoutMs * WHOLE_ANSWER_TIMEOUTS} ms`)),
    timeoutMs * WHOLE_ANSWER_TIMEOUTS,
  );
  const silent = setTimeout(() => controller.abort(new Error(`timed out after ${timeoutMs} ms`)), timeoutMs);
  return {
    signal: controller.signal,
    broken: () => {
      silent.refresh();
    },
    end: () => {
      clearTimeout(whole);
      clearTimeout(silent);
    },
  };
}

/** fetch says `fetch failed` and `terminated`; what happened is in the innermost cause. */
function reasonOf(error: unknown): string {
  let at = error as { message?: string; code?: string; cause?: unknown };
  while (typeof at?.cause === 'object' && at.cause !== null) at = at.cause;
  return at?.message || at?.code || String(error);
}

/** A signed URL is a credential: it never gets into messages. */
function withoutSignature(url: string): string {
  return url.replace(/&?signature=[^&]*/, '');
}
