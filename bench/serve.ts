import { serve } from './contestant.ts';
import { TASKS } from './tasks.ts';

/** Answers rounds with a task: `serve.ts refine '1 year of 1m'`. */
const [, , name = '', ...args] = process.argv;
await serve(await TASKS[name]!(...args));
