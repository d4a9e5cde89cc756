import { commandName } from './command-name.ts';
import { shellWord } from './shell-word.ts';

/** Options of a call by their names in camel case, as commander gives them. */
export type GivenOptions = Readonly<Record<string, unknown>>;

const RUN = ['lake', 'market', 'symbols', 'interval', 'period', 'from', 'to', 'streams', 'archiveOnly', 'source'];

/** The options of a call that a command in a hint takes over. Every other command takes over `--lake`. */
const TAKEN: Readonly<Record<string, readonly string[]>> = {
  run: RUN,
  plan: RUN,
  audit: ['lake', 'market', 'symbols', 'interval', 'sample'],
};

/**
 * Adds the options of the call to each `npx lake …` of a message, so that it does the same thing to the same lake if it
 * is pasted. Options that the message already names stay as they are.
 */
export function keepOptions(message: string, given: GivenOptions): string {
  return message.replaceAll(/\bnpx lake ([a-z]+)\b(?=([^`,;\n]*))/g, (_, name: string, rest: string) => {
    const named = [...rest.matchAll(/--([a-z-]+)/g)].map(([, flag]) => flag!);
    const keys = (TAKEN[name] ?? ['lake']).filter((key) => !isNamed(key, named));
    const taken = keys.filter((key) => isGiven(key, given[key]) && !isAllOfLake(name, key, given[key]));
    return [commandName(), name, ...taken.flatMap((key) => wordsOf(key, given[key]))].join(' ');
  });
}

/** Returns true if a hint names the option already. A hint that names a source does without the market of the call. */
function isNamed(key: string, flags: readonly string[]): boolean {
  return flags.includes(flagOf(key)) || (key === 'market' && flags.includes('source'));
}

/** Returns true for `all` symbols of the lake, which would be the whole market in the hint. */
function isAllOfLake(name: string, key: string, value: unknown): boolean {
  return TAKEN[name] === RUN && key === 'symbols' && /^all$/i.test(String(value));
}

/** Returns false for what commander fills in by itself. */
function isGiven(key: string, value: unknown): boolean {
  return value !== undefined && value !== false && !(key === 'source' && value === 'auto');
}

function wordsOf(key: string, value: unknown): string[] {
  const flag = `--${flagOf(key)}`;
  return value === true ? [flag] : [flag, shellWord(Array.isArray(value) ? value.join(',') : String(value))];
}

function flagOf(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
