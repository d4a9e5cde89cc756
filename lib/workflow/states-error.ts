/** An error by one of the names that the Amazon States Language defines, `States.…`. */
export function statesError(name: `States.${string}`, message: string): Error {
  return Object.assign(new Error(message), { name });
}
