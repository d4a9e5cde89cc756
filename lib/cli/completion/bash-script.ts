import { quoted } from '../shell-word.ts';
import type { CommandTree, OptionWords, ValueKind } from './command-tree.ts';

/** Returns the completion script of bash. It needs nothing but bash itself. */
export function bashScript({ commands, options }: CommandTree): string {
  const names = commands.map(({ name }) => name);
  return `# Completion of lake for bash. Load it with: source <(lake completion bash)
_lake() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]} command=\${COMP_WORDS[1]}
  # Readline takes the sign of --option=value as a word.
  if [[ $word == '=' ]]; then
    word=
  elif [[ $before == '=' ]]; then
    before=\${COMP_WORDS[COMP_CWORD - 2]}
  fi
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    _lake_words ${quoted([...names, ...flagsOf(options)].join(' '))}
    return
  fi
  case $command in
${commands.map(bashCase).join('\n')}
  esac
}

_lake_words() {
  COMPREPLY=($(compgen -W "$1" -- "$word"))
}

_lake_paths() {
  local IFS=$'\\n'
  COMPREPLY=($(compgen "$1" -- "$word"))
  compopt -o filenames 2>/dev/null
}

# The last word of an SQL text is a table. What was typed before it stays.
_lake_sql() {
  local sql=\${word#[\\"\\']} table
  local last=\${sql##*[ (,]}
  for table in $1; do
    [[ -n $last && $table == "$last"* ]] && COMPREPLY+=("\${sql%"$last"}$table")
  done
  compopt -o nospace 2>/dev/null
}

complete -F _lake lake candlelake
`;
}

function bashCase({ name, options, values, isSql }: CommandTree['commands'][number]): string {
  const cases = options.flatMap(({ flag, value }) =>
    value === 'none' ? [] : [`        ${flag}) ${bashValue(value)} ;;`],
  );
  const words = quoted([...flagsOf(options), ...(isSql ? [] : values)].join(' '));
  const sql = quoted(values.join(' '));
  const otherwise = isSql
    ? `if [[ $word == -* ]]; then _lake_words ${words}; else _lake_sql ${sql}; fi`
    : `_lake_words ${words}`;
  return `    ${name})
      case $before in
${[...cases, `        *) ${otherwise} ;;`].join('\n')}
      esac
      ;;`;
}

const KINDS: Readonly<Record<ValueKind, string>> = { folder: '_lake_paths -d', path: '_lake_paths -f', text: ':' };

function bashValue(value: readonly string[] | ValueKind): string {
  return typeof value === 'string' ? KINDS[value] : `_lake_words ${quoted(value.join(' '))}`;
}

function flagsOf(options: readonly OptionWords[]): string[] {
  return options.map(({ flag }) => flag);
}
