import { quoted } from '../shell-word.ts';
import type { CommandTree, CommandWords, OptionWords, ValueKind } from './command-tree.ts';

/** Returns the completion script of zsh, to be loaded by `source` or put into a folder of `fpath` as `_lake`. */
export function zshScript({ commands, options }: CommandTree): string {
  const described = commands.map(({ name, description }) => `    ${quoted(`${name}:${escaped(description)}`)}`);
  return `#compdef lake candlelake
# Completion of lake for zsh. Load it with: source <(lake completion zsh)
_lake() {
  local -a commands
  commands=(
${described.join('\n')}
  )
  if ((CURRENT == 2)); then
    if [[ $words[2] == -* ]]; then
      _arguments ${options.map(zshOption).join(' ')}
    else
      _describe command commands
    fi
    return
  fi
  local command=$words[2]
  shift words
  ((CURRENT--))
  case $command in
${commands.map(zshCase).join('\n')}
  esac
}

# The last word of an SQL text is a table. What was typed before it stays.
_lake_sql() {
  compset -P '*[ (,]'
  compadd -- "$@"
}

if [[ $funcstack[1] == _lake ]]; then
  _lake "$@"
else
  compdef _lake lake candlelake
fi
`;
}

function zshCase({ name, options, values, isSql }: CommandWords): string {
  const argument = isSql
    ? [`'1:sql:_lake_sql ${values.join(' ')}'`]
    : values.length > 0
      ? [`'1:${name}:(${values.join(' ')})'`]
      : [];
  return `    ${name}) _arguments ${[...options.map(zshOption), ...argument].join(' ')} ;;`;
}

const KINDS: Readonly<Record<ValueKind, string>> = { folder: '_files -/', path: '_files', text: ' ' };

function zshOption({ flag, description, value }: OptionWords): string {
  const means = `[${escaped(description)}]`;
  if (value === 'none') return quoted(`${flag}${means}`);
  const words = typeof value === 'string' ? KINDS[value] : `(${value.join(' ')})`;
  return quoted(`${flag}=${means}:${flag.slice(2)}:${words}`);
}

/** Signs that zsh gives a meaning in descriptions. */
function escaped(text: string): string {
  return text.replaceAll(/[\\:[\]]/g, '\\$&');
}
