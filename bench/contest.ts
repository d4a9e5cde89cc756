import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Answer } from './contestant.ts';

/** A program that answers rounds, as `serve` in contestant.ts and contestant.py does. */
export interface Contestant {
  readonly name: string;
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The number of rounds that it takes part in; all if left out. */
  readonly rounds?: number;
}

/** The measurements of one contestant, round by round, without the warm-ups. */
export interface Score {
  readonly name: string;
  readonly times: readonly number[];
  readonly cpu: readonly number[];
  readonly peakMiB: number;
  readonly parts: Readonly<Record<string, readonly number[]>>;
  readonly note?: string | undefined;
  /** The reason if it could not run. */
  readonly failed?: string;
}

interface Rounds {
  readonly warmUps: number;
  readonly rounds: number;
  /** True if each round is a process of its own, measured from its start. */
  readonly cold?: boolean;
}

/** True if a contest has one warm-up and two rounds at the most. */
let isQuick = false;

/** From now on contests are short: enough to see whether all runs, and a first ratio. */
export function beQuick(): void {
  isQuick = true;
}

/**
 * Lets contestants run in turn, round by round, each alone. So other work on the machine disturbs all of them alike.
 * One that fails is left out of the rest, with the reason.
 */
export async function contest(contestants: readonly Contestant[], rounds: Rounds): Promise<Score[]> {
  const how = isQuick
    ? { ...rounds, warmUps: Math.min(1, rounds.warmUps), rounds: Math.min(2, rounds.rounds) }
    : rounds;
  const players = contestants.map((contestant) => ({ contestant, answers: [] as Answer[], failed: '' }));
  const children = new Map<Contestant, Child>();
  try {
    for (let round = -how.warmUps; round < how.rounds; round++) {
      for (const player of players) {
        const { contestant } = player;
        if (player.failed || round >= (contestant.rounds ?? how.rounds)) continue;
        console.error(`round ${round < 0 ? 'of warm-up' : round + 1}: ${contestant.name}`);
        try {
          const child = children.get(contestant) ?? new Child(contestant);
          children.set(contestant, child);
          const answer = await child.round();
          player.answers.push(how.cold ? { ...answer, ms: child.ageMs(), cpuMs: answer.processCpuMs } : answer);
          if (how.cold) await end(children, contestant);
        } catch (error) {
          player.failed = (error as Error).message;
        }
      }
    }
  } finally {
    for (const { contestant } of players) await end(children, contestant);
  }
  return players.map(({ contestant, answers, failed }) => scoreOf(contestant.name, answers, failed, how.warmUps));
}

async function end(children: Map<Contestant, Child>, contestant: Contestant): Promise<void> {
  await children.get(contestant)?.end();
  children.delete(contestant);
}

function scoreOf(name: string, answers: readonly Answer[], failed: string, warmUps: number): Score {
  const counted = failed ? [] : answers.slice(warmUps);
  const parts: Record<string, number[]> = {};
  for (const { parts: of = {} } of counted) {
    for (const [part, ms] of Object.entries(of)) parts[part] = [...(parts[part] ?? []), ms];
  }
  return {
    name,
    times: counted.map(({ ms }) => ms),
    cpu: counted.map(({ cpuMs }) => cpuMs),
    peakMiB: Math.max(...answers.map((answer) => answer.peakMiB)),
    parts,
    note: answers.at(-1)?.note,
    ...(failed && { failed }),
  };
}

/** The process of a contestant. */
class Child {
  private readonly startMs = performance.now();
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly answers: AsyncIterator<string>;
  private readonly ended: Promise<string>;
  private said = '';

  constructor({ command: [program, ...args], env }: Contestant) {
    this.child = spawn(program!, args, { env: { ...process.env, ...env } });
    this.child.stderr.on('data', (text: Buffer) => {
      this.said = (this.said + text).slice(-2_000);
    });
    // A program that has ended cannot be written to. Its end is reported as the reason.
    this.child.stdin.on('error', () => undefined);
    this.ended = new Promise((resolve) => {
      this.child.on('error', (error) => resolve(error.message));
      this.child.on('close', (code) => resolve(this.said.trim().split('\n').at(-1) || `ended with ${code}`));
    });
    this.answers = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  /** Returns the time since it was started. */
  ageMs(): number {
    return performance.now() - this.startMs;
  }

  /** @throws Error with the last line of its errors if the program ends before it answers */
  async round(): Promise<Answer> {
    this.child.stdin.write('run\n');
    const next = await Promise.race([this.answers.next(), this.ended.then((why) => Promise.reject(new Error(why)))]);
    if (next.done) throw new Error(await this.ended);
    return JSON.parse(next.value) as Answer;
  }

  async end(): Promise<void> {
    this.child.stdin.end();
    await this.ended;
  }
}
