import type {FilterPrompt} from '../../components/filter-prompt.ts';
import type {Piece} from '../../components/line.ts';
import type {ListSpec, ListState} from '../../components/list.ts';
import type {TableSpec} from '../../components/table.ts';
import type {Scope} from '../../keys/binding.ts';
import type {BulkIntent} from '../../monitor/bulk.ts';
import type {FilterDocument, FilterKey} from '../../monitor/filter/syntax.ts';
import type {Probe} from '../../monitor/probe.ts';
import type {Answer, RunRef, Snapshot} from '../../monitor/snapshot.ts';
import type {CommandContext, DrawContext, ScreenRequest} from '../screen.ts';
import type {ActionSubject} from '../shared-commands.ts';

/** What a screen of one table remembers: the list, and wishes of its own. */
export interface TableState<Wishes> {
	readonly list: ListState;
	/** False until the first key: so long the cursor stays on the first row, whichever that is. */
	readonly touched: boolean;
	/** The filter that is being typed. */
	readonly prompt: FilterPrompt | undefined;
	readonly wishes: Wishes;
}

/** What stands around the rows; everything raw. */
export interface Surroundings {
	/** Behind the title: how much there is, how far it was read. */
	readonly summary: readonly Piece[];
	/** At the right end of the title line. */
	readonly right: readonly Piece[];
	/** Drawn between the title and the table, each at most `width` cells. */
	readonly above: readonly string[];
	/** What the figures mean: under the table, wrapped. */
	readonly definitions: string;
	/** In place of rows, when there are none. */
	readonly empty: string;
}

/** A screen that is one table over the answer to one question. */
export interface TableDefinition<Row, Value, Wishes> {
	readonly id: ScreenRequest['screen'];
	readonly title: string;
	/** Besides `list` and `table`. */
	readonly scopes: readonly Scope[];
	readonly spec: TableSpec<Row, DrawContext> & ListSpec<Row, DrawContext>;
	/** The keys of the filter language that rows have. */
	readonly keys: ReadonlySet<FilterKey | FilterDocument>;
	open(request: ScreenRequest, snapshot: Snapshot): Wishes;
	probe(wishes: Wishes): Probe | undefined;
	answer(context: DrawContext, wishes: Wishes): Answer<Value> | undefined;
	rows(value: Value, wishes: Wishes): readonly Row[];
	surroundings(value: Value, wishes: Wishes, context: DrawContext): Surroundings;
	/** Enter; undefined = there is nothing to open. */
	openRow(row: Row, wishes: Wishes): ScreenRequest | undefined;
	/** What `y` copies, and what that is. */
	copied(row: Row): readonly [text: string, what: string];
	/** What actions would hit. */
	subject(row: Row): ActionSubject;
	/** Why an action cannot be done on this row, besides the reasons that hold everywhere. */
	whyNot?(action: string, row: Row): string | undefined;
	/** Tab does something: it is a command of its own. */
	readonly tabs?: boolean;
	/** Every row is a task that can be marked. */
	readonly markable?: boolean;
	/** What an action does to a row that stands for many tasks; undefined = it acts on the subject. */
	bulk?(action: string, row: Row): BulkIntent | undefined;
	/** Commands of its own; undefined = the command is not known. */
	command?(command: string, wishes: Wishes, context: CommandContext): Wishes | undefined;
	/** Why a command of its own does nothing now, as a phrase: `everything was looked at`. */
	whyNotCommand?(command: string, wishes: Wishes, value: Value | undefined): string | undefined;
	/** What `Esc` clears before it goes back; undefined = nothing. */
	clear?(wishes: Wishes, value: Value | undefined): Wishes | undefined;
	claims?(rows: readonly Row[]): readonly RunRef[];
}
