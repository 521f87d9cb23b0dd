import type pg from 'pg'
import { openBulkLoad } from './bulk-load.ts'

/** How a database is filled: with copies of examples that the product itself has written. */
interface DatabaseFilling {
  accountId: string
  /** Of all conversations, how many are open, with an agent; these are the newest. */
  open: number
  /** Of them, how many wait for an agent; these are the next. */
  waiting: number
  /** More conversations than these are a longer history, not a denser one. */
  perDay: number
  /** Until when conversations have come, in milliseconds since 1970. */
  now: number
  /** By conversation id. */
  examples: { closed: string; served: string; waiting: string }
  /** Whether no node runs on the database: then closed conversations come in without indexes, which are made afterwards. */
  isAlone?: boolean
}

interface Filling {
  /**
   * Makes conversations until there are so many: the next ones continue the history into the past. Vacuums and analyses what it has
   * filled.
   */
  fill(conversations: number, progress?: (made: number) => void): Promise<void>
}

/** Conversations of one statement. */
const SLICE = 10_000
const DAY_MS = 86_400_000
/** Records are kept so long by default; older conversations have none. */
const RECORDED_DAYS = 30
const RECORDED = ['invocation', 'recording', 'log_entry']
/** Columns with an id of their own in each row. */
const OWN_IDS = ['record_id', 'invocation_id', 'request_key']
/** One message of each conversation, and no documents of agents. */
const NARROWED: Record<string, string> = {
  message: `and body->'originator'->>'role' = 'CONSUMER'`,
  document: `and kind <> 'agent'`,
}
/** What stands in an example for such an id, and for when its timers are due. */
const OWN = 'own '
const MUCH_LATER = 'much later'
const TIMESTAMP = /^\d{4}-\d\d-\d\dT[\d:.]+\+00:00$/
const JSON_TYPES = ['json', 'jsonb']
/** What stands in the JSON of an example for an instant. */
const INSTANT = 'instant '
const INSTANTS = /"instant (\d+(?:\.\d+)?)"/g
/** The database numbers these. */
const NUMBERED = ['generation']
/** When timers of copies are due, in days after `now`: none of them fires in a test. */
const TIMER_DAYS = 60

/** A row of an example: the SQL expressions of its copy number `n`, by column. */
interface Pattern {
  table: string
  copy: Map<string, string>
}

/** A column that can be written. */
interface Column {
  name: string
  type: string
}

/**
 * Looks at the examples, to fill their account with conversations, each with its consumer, profile, visitor, message, timers, records and
 * entries of the context store: whatever tables name the example.
 */
export async function openFilling(client: pg.Client, filling: DatabaseFilling): Promise<Filling> {
  const { open, waiting, examples } = filling
  await client.query('set synchronous_commit = off; set statement_timeout = 0; set jit = off')
  await makeDays(client, filling.now)
  const patterns = {
    served: await patternsOf(client, filling, examples.served),
    waiting: await patternsOf(client, filling, examples.waiting),
    closed: await patternsOf(client, filling, examples.closed),
  }
  const recorded = RECORDED_DAYS * filling.perDay
  const tables = new Set(Object.values(patterns).flatMap((of) => of.map(({ table }) => table)))
  let made = 0
  return {
    async fill(conversations, progress) {
      const kinds = [
        { name: 'served', from: 1, to: open },
        { name: 'waiting', from: open + 1, to: open + waiting },
        { name: 'closed', from: open + waiting + 1, to: conversations },
      ] as const
      for (const { name, from, to } of kinds) {
        const isBulk = filling.isAlone === true && name === 'closed'
        await using _load = isBulk ? await openBulkLoad(client, [...tables]) : undefined
        for (let first = Math.max(from, made + 1); first <= to; first += SLICE) {
          const last = Math.min(first + SLICE - 1, to)
          for (const pattern of patterns[name]) {
            const isRecord = RECORDED.includes(pattern.table)
            if (isRecord && first > recorded) continue
            const until = isRecord ? Math.min(last, recorded) : last
            await client.query(copying(pattern), [first, until])
          }
          progress?.(last)
        }
      }
      made = conversations
      for (const table of tables) await client.query(`vacuum (analyze) ${table}`)
      await client.query('analyze')
    },
  }
}

/** Partitions for the days of records, in those of their tables that there are. */
async function makeDays(client: pg.Client, now: number): Promise<void> {
  const { rows } = await client.query<{ table: string }>(
    `select relname as table from pg_class where relkind = 'p' and relname = any($1)`,
    [RECORDED],
  )
  for (const { table } of rows) {
    for (let ago = 0; ago <= RECORDED_DAYS; ago++) {
      const at = now - (now % DAY_MS) - ago * DAY_MS
      const [day, next] = [at, at + DAY_MS].map((of) => new Date(of).toISOString())
      const name = `${table}_p${day?.slice(0, 10).replaceAll('-', '')}`
      await client.query(
        `create table if not exists ${name} partition of ${table} for values from ('${day}') to ('${next}')`,
      )
    }
  }
}

/** Patterns of all rows that name the example, its consumer or its visitor. */
async function patternsOf(
  client: pg.Client,
  { accountId, now, perDay }: DatabaseFilling,
  conversationId: string,
): Promise<Pattern[]> {
  const example = await client.query<{ consumer: string; visitor: string; startedAt: string }>(
    `select consumer_id as consumer, state->'context'->>'visitorId' as visitor, started_at_ms as "startedAt"
      from conversation where account_id = $1 and conversation_id = $2`,
    [accountId, conversationId],
  )
  const [found] = example.rows
  if (!found) throw new Error(`No example "${conversationId}"`)
  const startedAt = Number(found.startedAt)
  const copied = `${now}::bigint - n * ${DAY_MS / perDay}::bigint`
  const ids = new Map([
    [conversationId, `md5('conversation-' || n)::uuid`],
    [found.consumer, `md5('consumer-' || n)::uuid`],
    [found.visitor, `md5('visitor-' || n)::uuid`],
  ])
  const patterns: Pattern[] = []
  for (const { table, columns } of await tablesOf(client)) {
    const rows = await client.query<{ row: Record<string, unknown> }>(
      `select to_jsonb(t) as row from ${table} t where account_id = $1 and to_jsonb(t)::text like any($2)
        ${NARROWED[table] ?? ''}`,
      [accountId, [...ids.keys()].map((id) => `%${id}%`)],
    )
    for (const { row } of rows.rows) {
      for (const id of OWN_IDS) if (typeof row[id] === 'string') row[id] = `${OWN}${id}`
      if (table === 'timer') row.due_at = row.run_at = MUCH_LATER
      const copy = columns.map(({ name, type }) => [name, copyOf(row[name], type)] as const)
      patterns.push({ table, copy: new Map(copy) })
    }
  }
  return patterns

  function copyOf(value: unknown, type: string): string {
    if (value === null || value === undefined) return 'null'
    if (JSON_TYPES.includes(type)) return `${jsonOf(value)}::${type}`
    if (Array.isArray(value)) {
      return `array(select jsonb_array_elements_text(${jsonOf(value)}::jsonb))::${type}`
    }
    if (typeof value === 'number' && isInstant(value)) return instantOf(value)
    return `(${typeof value === 'string' ? textOf(value) : JSON.stringify(value)})::${type}`
  }

  /** A text, or an instant, for a column. */
  function textOf(text: string): string {
    if (text.startsWith(OWN)) return `md5('${text}' || n)::uuid::text`
    if (text === MUCH_LATER) return `to_timestamp(${now / 1000} + n + ${TIMER_DAYS * 86_400})`
    if (TIMESTAMP.test(text)) return `to_timestamp(${instantOf(Date.parse(text))} / 1000.0)`
    const values: string[] = []
    return formatted(withIds(text.replaceAll('%', '%%'), values), values)
  }

  function jsonOf(value: unknown): string {
    const values: string[] = []
    const format = JSON.stringify(value, (_name, member: unknown) => {
      return typeof member === 'number' && isInstant(member) ? `${INSTANT}${member}` : member
    })
    const escaped = format.replaceAll('%', '%%')
    const timed = escaped.replaceAll(INSTANTS, (_text, at: string) =>
      placed(instantOf(Number(at)), values),
    )
    return formatted(withIds(timed, values), values)
  }

  function instantOf(at: number): string {
    return `(${copied} + ${at - startedAt})`
  }

  function withIds(format: string, values: string[]): string {
    let replaced = format
    for (const [id, sql] of ids) replaced = replaced.replaceAll(id, () => placed(sql, values))
    return replaced
  }
}

/** The place of a value in what `format()` takes. */
function placed(sql: string, values: string[]): string {
  return `%${values.push(sql)}$s`
}

function formatted(format: string, values: readonly string[]): string {
  if (values.length === 0) return literal(format.replaceAll('%%', '%'))
  return `format(${[literal(format), ...values].join()})`
}

/** Whether a number is likely one: of the years 2001 to 2065. */
function isInstant(value: number): boolean {
  return value > 1e12 && value < 3e12
}

function copying({ table, copy }: Pattern): string {
  const names = [...copy.keys()].map((name) => `"${name}"`)
  return `insert into ${table} (${names.join()})
    select ${[...copy.values()].join()} from generate_series($1::bigint, $2::bigint) n`
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** Tables of accounts without their partitions, with the columns that can be written. */
async function tablesOf(client: pg.Client): Promise<{ table: string; columns: Column[] }[]> {
  const { rows } = await client.query<{ table: string; columns: Column[] }>(
    `select c.relname as table, json_agg(json_build_object('name', a.attname,
        'type', format_type(a.atttypid, a.atttypmod)) order by a.attnum) as columns
      from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        and a.attgenerated = '' and a.attname <> all($1)
      where c.relkind in ('r', 'p') and not c.relispartition and c.relnamespace = 'public'::regnamespace
        and c.relname not in ('outbox', 'audit_entry')
        and exists (select from pg_attribute o where o.attrelid = c.oid and o.attname = 'account_id')
      group by 1 order by 1`,
    [NUMBERED],
  )
  return rows
}
