import {type FlagGroup, flagGroups, flagName} from '../../source/flags.ts';
import {type CommandHelp, environmentHelp} from '../../source/help.ts';

/** Text as roff wants it: no request at the start of a line, and hyphens that can be searched and copied. */
function roff(text: string): string {
	const escaped = text.replaceAll('\\', '\\e').replaceAll('-', '\\-');
	return /^[.']/.test(escaped) ? `\\&${escaped}` : escaped;
}

function flagItems(groups: readonly FlagGroup[]): string {
	const flags = groups.flatMap(group => group.flags);
	return flags
		.map(({key, short, value, help}) => {
			const names = [...(short === undefined ? [] : [`-${short}`]), flagName(key)];
			const bold = names.map(name => `\\fB${roff(name)}\\fR`).join(', ');
			return `.TP\n${bold}${value === undefined ? '' : ` \\fI${roff(value)}\\fR`}\n${roff(help)}`;
		})
		.join('\n');
}

function section(command: CommandHelp): string {
	const {name, usage, summary, notes, groups} = command;
	return `.SS "absurd\\-top ${name} ${roff(usage)}"\n${roff(`${summary}.`)}\n${notes.map(note => `.PP\n${roff(note)}`).join('\n')}\n${flagItems(groups)}`;
}

/** The manual page absurd-top(1), from the same tables as `--help`. */
export function manualPage(commands: readonly CommandHelp[], version: string): string {
	return `.TH ABSURD\\-TOP 1 "" "absurd\\-top ${roff(version)}" "User Commands"
.SH NAME
absurd\\-top \\- a live terminal monitor for Absurd, durable execution in Postgres
.SH SYNOPSIS
.B absurd\\-top
[\\fIDATABASE\\fR] [\\fIOPTION\\fR]...
.br
.B absurd\\-top
\\fICOMMAND\\fR [\\fIARGUMENT\\fR]... [\\fIOPTION\\fR]...
.br
.B absurd\\-top \\-\\-demo
.SH DESCRIPTION
Shows queues, active claims and failures of an Absurd database as they change, tells why a task does not move, and
retries, cancels, spawns and emits. On the screen
.B ?
explains every key.
.PP
\\fIDATABASE\\fR is a URL, a connection string or a name. Host, port, user, password and TLS follow libpq, as in
.BR psql (1).
.PP
An output that is no terminal gets the overview as text.
.SH OPTIONS
${flagItems(flagGroups)}
.SH COMMANDS
The first word of the command line; a database of such a name is reached with \\fB\\-d\\fR.
${commands.map(section).join('\n')}
.SH ENVIRONMENT
${environmentHelp.map(([name, help]) => `.TP\n.B ${roff(name)}\n${roff(help)}`).join('\n')}
.TP
.BR PGHOST ", " PGPORT ", " PGUSER ", " PGDATABASE ", " PGSERVICE ", " PGPASSWORD ", ..."
as in
.BR psql (1)
.SH EXIT STATUS
0 fine, 1 failed, 2 wrong usage, 128 + n ended by signal n. \\fBcheck\\fR alone: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN.
.SH FILES
.TP
.I ~/.config/absurd\\-top/config.json
profiles, for \\fB\\-\\-profile\\fR
.TP
.I ~/.local/state/absurd\\-top/audit.jsonl
the record of actions, one JSON document a line
.SH SEE ALSO
.BR psql (1)
`;
}
