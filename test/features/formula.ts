/** A formula of the feature table, taken apart. */
export type Formula =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Formula[] };

const LEVELS = [['or'], ['and'], ['<', '<=', '>', '>=', '==', '!='], ['+', '-'], ['*', '/']] as const;

/** Reads a formula; operators become calls. @throws Error at the first word that cannot be there */
export function parseFormula(text: string): Formula {
  const tokens = text.match(/\d+(?:\.\d+)?|[a-z_][a-z0-9_]*|<=|>=|==|!=|[-+*/^<>(),]|\S/g) ?? [];
  let at = 0;
  const take = (wanted: string) => {
    if (tokens[at] !== wanted) throw new Error(`formula must continue with '${wanted}', got '${tokens[at]}': ${text}`);
    at++;
  };
  const binary = (level: number): Formula => {
    const operators: readonly string[] | undefined = LEVELS[level];
    if (!operators) return power();
    let left = binary(level + 1);
    while (at < tokens.length && operators.includes(tokens[at]!)) {
      const name = tokens[at++]!;
      left = { kind: 'call', name, args: [left, binary(level + 1)] };
    }
    return left;
  };
  const power = (): Formula => {
    const base = atom();
    if (tokens[at] !== '^') return base;
    at++;
    return { kind: 'call', name: '^', args: [base, atom()] };
  };
  const atom = (): Formula => {
    const token = tokens[at++] ?? '';
    if (token === '-') return { kind: 'call', name: '-', args: [{ kind: 'number', value: 0 }, power()] };
    if (/^\d/.test(token)) return { kind: 'number', value: Number(token) };
    if (token === '(') {
      const inner = binary(0);
      take(')');
      return inner;
    }
    if (!/^[a-z_]/.test(token)) throw new Error(`formula must have a value in place of '${token}': ${text}`);
    if (tokens[at] !== '(') return { kind: 'name', name: token };
    const args: Formula[] = [];
    do {
      at++;
      args.push(binary(0));
    } while (tokens[at] === ',');
    take(')');
    return { kind: 'call', name: token, args };
  };
  const formula = binary(0);
  if (at < tokens.length) throw new Error(`formula must end before '${tokens[at]}': ${text}`);
  return formula;
}

/** Names of values and of functions in a formula. */
export function namesIn(formula: Formula): { values: string[]; functions: string[] } {
  if (formula.kind === 'number') return { values: [], functions: [] };
  if (formula.kind === 'name') return { values: [formula.name], functions: [] };
  const inner = formula.args.map(namesIn);
  const functions = inner.flatMap((one) => one.functions);
  return {
    values: inner.flatMap((one) => one.values),
    functions:
      /^[a-z]/.test(formula.name) && !['or', 'and'].includes(formula.name) ? [formula.name, ...functions] : functions,
  };
}
