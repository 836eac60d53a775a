/** The functions of release 0.5.0: arguments and result as Postgres prints them. */
export const FUNCTIONS: Readonly<Record<string, string>> = {
	'await_event(p_queue_name text, p_task_id uuid, p_run_id uuid, p_step_name text, p_event_name text, p_timeout integer DEFAULT NULL::integer)':
		'TABLE(should_suspend boolean, payload jsonb)',
	'cancel_task(p_queue_name text, p_task_id uuid)': 'void',
	'claim_task(p_queue_name text, p_worker_id text, p_claim_timeout integer DEFAULT 30, p_qty integer DEFAULT 1)':
		'TABLE(run_id uuid, task_id uuid, attempt integer, task_name text, params jsonb, retry_strategy jsonb, max_attempts integer, headers jsonb, wake_event text, event_payload jsonb)',
	'cleanup_all_queues(p_queue_name text DEFAULT NULL::text)':
		'TABLE(queue_name text, tasks_deleted integer, events_deleted integer)',
	'cleanup_events(p_queue_name text, p_ttl_seconds integer, p_limit integer DEFAULT 1000)': 'integer',
	'cleanup_tasks(p_queue_name text, p_ttl_seconds integer, p_limit integer DEFAULT 1000)': 'integer',
	'complete_run(p_queue_name text, p_run_id uuid, p_state jsonb DEFAULT NULL::jsonb)': 'void',
	'create_queue(p_queue_name text)': 'void',
	'create_queue(p_queue_name text, p_storage_mode text)': 'void',
	'current_time()': 'timestamp with time zone',
	'disable_cron(p_queue_name text DEFAULT NULL::text)': 'TABLE(job_name text, job_id bigint)',
	'drop_detached_partition(p_partition_table text, p_unschedule_job_name text DEFAULT NULL::text)': 'boolean',
	'drop_queue(p_queue_name text)': 'void',
	'emit_event(p_queue_name text, p_event_name text, p_payload jsonb DEFAULT NULL::jsonb)': 'void',
	"enable_cron(p_queue_name text DEFAULT NULL::text, p_partition_schedule text DEFAULT '5 * * * *'::text, p_cleanup_schedule text DEFAULT '17 * * * *'::text, p_detach_schedule text DEFAULT '29 * * * *'::text)":
		'TABLE(job_name text, job_id bigint)',
	'ensure_partitions(p_queue_name text DEFAULT NULL::text)': 'void',
	'ensure_queue_tables(p_queue_name text)': 'void',
	'extend_claim(p_queue_name text, p_run_id uuid, p_extend_by integer)': 'void',
	'fail_run(p_queue_name text, p_run_id uuid, p_reason jsonb, p_retry_at timestamp with time zone DEFAULT NULL::timestamp with time zone)':
		'void',
	'get_queue_policy(p_queue_name text)':
		'TABLE(queue_name text, storage_mode text, default_partition text, partition_lookahead interval, partition_lookback interval, cleanup_ttl interval, cleanup_limit integer, detach_mode text, detach_min_age interval)',
	'get_schema_version()': 'text',
	'get_task_checkpoint_state(p_queue_name text, p_task_id uuid, p_step_name text, p_include_pending boolean DEFAULT false)':
		'TABLE(checkpoint_name text, state jsonb, status text, owner_run_id uuid, updated_at timestamp with time zone)',
	'get_task_checkpoint_states(p_queue_name text, p_task_id uuid, p_run_id uuid)':
		'TABLE(checkpoint_name text, state jsonb, status text, owner_run_id uuid, updated_at timestamp with time zone)',
	'get_task_result(p_queue_name text, p_task_id uuid)':
		'TABLE(task_id uuid, state text, result jsonb, failure_reason jsonb)',
	'list_detach_candidates(p_queue_name text DEFAULT NULL::text)':
		'TABLE(queue_name text, parent_table text, partition_table text)',
	'list_queues()': 'TABLE(queue_name text)',
	'partition_week_tag(p_ts timestamp with time zone)': 'text',
	'portable_uuidv7()': 'uuid',
	'retry_delay_seconds(p_strategy jsonb, p_attempt integer)': 'double precision',
	"retry_task(p_queue_name text, p_task_id uuid, p_options jsonb DEFAULT '{}'::jsonb)":
		'TABLE(task_id uuid, run_id uuid, attempt integer, created boolean)',
	'schedule_detach_jobs(p_queue_name text DEFAULT NULL::text)':
		'TABLE(job_name text, job_id bigint, queue_name text, partition_table text, job_kind text)',
	'schedule_run(p_queue_name text, p_run_id uuid, p_wake_at timestamp with time zone)': 'void',
	'set_queue_policy(p_queue_name text, p_policy jsonb)': 'void',
	'set_task_checkpoint_state(p_queue_name text, p_task_id uuid, p_step_name text, p_state jsonb, p_owner_run uuid, p_extend_claim_by integer DEFAULT NULL::integer)':
		'void',
	"spawn_task(p_queue_name text, p_task_name text, p_params jsonb, p_options jsonb DEFAULT '{}'::jsonb)":
		'TABLE(task_id uuid, run_id uuid, attempt integer, created boolean)',
	'uuidv7_floor(p_ts timestamp with time zone)': 'uuid',
	'uuidv7_timestamp(p_id uuid)': 'timestamp with time zone',
	'validate_queue_name(p_queue_name text)': 'text',
	'week_bucket_utc(p_ts timestamp with time zone)': 'timestamp with time zone',
};

/** Volatility and strictness of what is not volatile. */
export const IMMUTABLE: Readonly<Record<string, boolean>> = {
	partition_week_tag: true,
	retry_delay_seconds: false,
	uuidv7_floor: true,
	uuidv7_timestamp: true,
	week_bucket_utc: true,
};

const NOW = 'absurd."current_time"()';

/** Columns by table prefix: name, type, `!` where not null, default. */
export const COLUMNS: Readonly<Record<string, readonly string[]>> = {
	t_: [
		'task_id uuid !',
		'task_name text !',
		'params jsonb !',
		'headers jsonb',
		'retry_strategy jsonb',
		'max_attempts integer',
		'cancellation jsonb',
		`enqueue_at timestamp with time zone ! = ${NOW}`,
		'first_started_at timestamp with time zone',
		'state text !',
		'attempts integer ! = 0',
		'last_attempt_run uuid',
		'completed_payload jsonb',
		'cancelled_at timestamp with time zone',
		'idempotency_key text',
	],
	r_: [
		'run_id uuid !',
		'task_id uuid !',
		'attempt integer !',
		'state text !',
		'claimed_by text',
		'claim_expires_at timestamp with time zone',
		'available_at timestamp with time zone !',
		'wake_event text',
		'event_payload jsonb',
		'started_at timestamp with time zone',
		'completed_at timestamp with time zone',
		'failed_at timestamp with time zone',
		'result jsonb',
		'failure_reason jsonb',
		`created_at timestamp with time zone ! = ${NOW}`,
	],
	c_: [
		'task_id uuid !',
		'checkpoint_name text !',
		'state jsonb',
		"status text ! = 'committed'::text",
		'owner_run_id uuid',
		`updated_at timestamp with time zone ! = ${NOW}`,
	],
	e_: ['event_name text !', 'payload jsonb', `emitted_at timestamp with time zone ! = ${NOW}`],
	w_: [
		'task_id uuid !',
		'run_id uuid !',
		'step_name text !',
		'event_name text !',
		'timeout_at timestamp with time zone',
		`created_at timestamp with time zone ! = ${NOW}`,
	],
	i_: ['idempotency_key text !', 'task_id uuid !'],
};

/** Indexes of queue `jobs` but for the engine's own, as `name: unique? (columns) where`. */
export const INDEXES: readonly string[] = [
	'c_jobs_pkey: unique (task_id, checkpoint_name)',
	'e_jobs_eai: (emitted_at)',
	'e_jobs_pkey: unique (event_name)',
	"r_jobs_cei: (claim_expires_at) WHERE ((state = 'running'::text) AND (claim_expires_at IS NOT NULL))",
	'r_jobs_pkey: unique (run_id)',
	'r_jobs_sai: (state, available_at)',
	'r_jobs_ti: (task_id)',
	't_jobs_pkey: unique (task_id)',
	'w_jobs_eni: (event_name)',
	'w_jobs_pkey: unique (run_id, step_name)',
	'w_jobs_ti: (task_id)',
];
