import {type Flag, flagGroups, flagName} from '../../source/flags.ts';
import type {CommandHelp} from '../../source/help.ts';

const topFlags = flagGroups.flatMap(group => group.flags);

function flagsOf({groups}: Pick<CommandHelp, 'groups'>): readonly Flag[] {
	return groups.flatMap(group => group.flags);
}

/** Its value is the name of a file. */
const takesFile = ({value}: Flag): boolean => value === 'FILE';

function words(flags: readonly Flag[]): string {
	return flags.flatMap(({key, short}) => [flagName(key), ...(short === undefined ? [] : [`-${short}`])]).join(' ');
}

/** Patterns of flags whose next word is a value. */
function valued(flags: readonly Flag[]): string {
	const names = flags.filter(({value}) => value !== undefined).flatMap(flag => words([flag]).split(' '));
	return [...new Set(names)].join('|');
}

/** For bash: a file to source, or to put into bash-completion's folder. */
export function bashCompletion(commands: readonly CommandHelp[]): string {
	const all = [...topFlags, ...commands.flatMap(flagsOf)];
	const cases = commands.map(each => `    ${each.name}) flags='${words(flagsOf(each))}' ;;`).join('\n');
	return `# bash completion for absurd-top; made from its table of flags
_absurd_top() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} flags
  COMPREPLY=()
  case $previous in
    ${valued(all.filter(takesFile))}) COMPREPLY=($(compgen -f -- "$current")); return ;;
    ${valued(all.filter(flag => !takesFile(flag)))}) return ;;
  esac
  case \${COMP_WORDS[1]} in
${cases}
    *) flags='${words(topFlags)}' ;;
  esac
  if [[ $current == -* ]]; then
    COMPREPLY=($(compgen -W "$flags" -- "$current"))
  elif [[ $COMP_CWORD -eq 1 ]]; then
    COMPREPLY=($(compgen -W '${commands.map(({name}) => name).join(' ')}' -- "$current"))
  fi
}
complete -F _absurd_top absurd-top
`;
}

/** Inside single quotes of a shell. */
function quoted(text: string): string {
	return `'${text.replaceAll("'", "'\\''")}'`;
}

function zshSpec(flag: Flag): string {
	const {key, short, value, help, multiple} = flag;
	const text = help.replaceAll(/[[\]:\\]/g, character => `\\${character}`);
	const action = value === undefined ? '' : `:${value.replaceAll(/[:[\]]/g, '')}:${takesFile(flag) ? '_files' : ' '}`;
	const one = (name: string) => quoted(`${multiple ? '*' : ''}${name}[${text}]${action}`);
	return [...(short === undefined ? [] : [one(`-${short}`)]), one(flagName(key))].join(' ');
}

/** For zsh: a file \`_absurd-top\` in a folder of \`fpath\`. */
export function zshCompletion(commands: readonly CommandHelp[]): string {
	const specs = (flags: readonly Flag[]) => flags.map(flag => `      ${zshSpec(flag)}`).join(' \\\n');
	const cases = commands
		.map(each => `    ${each.name})\n      _arguments \\\n${specs(flagsOf(each))} '*: : '\n      ;;`)
		.join('\n');
	const named = commands
		.map(({name, summary}) => `    ${quoted(`${name}:${summary.replaceAll(':', '\\:')}`)}`)
		.join('\n');
	return `#compdef absurd-top
# made from the program's table of flags
_absurd_top() {
  local -a commands
  commands=(
${named}
  )
  if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then
    _describe command commands
    return
  fi
  case $words[2] in
${cases}
    *)
      _arguments \\
${specs(topFlags)} '1: : '
      ;;
  esac
}
_absurd_top "$@"
`;
}

function fishLine(condition: string, flag: Flag): string {
	const {key, short, value, help} = flag;
	const parts = [
		`complete -c absurd-top -n ${quoted(condition)} -l ${flagName(key).slice(2)}`,
		...(short === undefined ? [] : [`-s ${short}`]),
		...(value === undefined ? [] : [takesFile(flag) ? '-r -F' : '-x']),
		`-d ${quoted(help)}`,
	];
	return parts.join(' ');
}

/** For fish: a file in \`completions\`. */
export function fishCompletion(commands: readonly CommandHelp[]): string {
	const names = commands.map(({name}) => name).join(' ');
	const none = `not __fish_seen_subcommand_from ${names}`;
	const lines = [
		'# made from the program’s table of flags',
		'complete -c absurd-top -f',
		...commands.map(
			({name, summary}) => `complete -c absurd-top -n '__fish_use_subcommand' -a ${name} -d ${quoted(summary)}`,
		),
		...topFlags.map(flag => fishLine(none, flag)),
		...commands.flatMap(each => flagsOf(each).map(flag => fishLine(`__fish_seen_subcommand_from ${each.name}`, flag))),
	];
	return `${lines.join('\n')}\n`;
}
