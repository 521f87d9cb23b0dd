import type pg from 'pg'

/** How a database is filled: with copies of examples that the product itself has written. */
export interface DatabaseFilling {
  accountId: string
  /** Conversations in all. */
  conversations: number
  /** Of them, how many an earlier filling has made: the others continue its history into the past. */
  made?: number
  /** Of them, how many are open, with an agent; these are the newest. */
  open: number
  /** Of them, how many wait for an agent; these are the next. */
  waiting: number
  /** More conversations than these are a longer history, not a denser one. */
  perDay: number
  /** Until when conversations have come, in milliseconds since 1970. */
  now: number
  /** By conversation id. */
  examples: { closed: string; served: string; waiting: string }
  progress?: (made: number) => void
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
/** The database numbers these. */
const NUMBERED = ['generation']
/** When timers of copies are due, in days after `now`: none of them fires in a test. */
const TIMER_DAYS = 60

/** A row of an example: `format()` makes a copy of it from the texts that differ. */
interface Pattern {
  table: string
  columns: string[]
  format: string
  /** SQL expressions of what `format` takes. */
  values: string[]
}

/**
 * Fills an account with conversations, each with its consumer, profile, visitor, message, timers, records and entries of the context
 * store: whatever tables name the example. Vacuums and analyses what it has filled.
 */
export async function fillDatabase(client: pg.Client, filling: DatabaseFilling): Promise<void> {
  const { conversations, open, waiting, examples, made = 0 } = filling
  await client.query('set synchronous_commit = off; set statement_timeout = 0; set jit = off')
  await makeDays(client, filling.now)
  const patterns = {
    served: await patternsOf(client, filling, examples.served),
    waiting: await patternsOf(client, filling, examples.waiting),
    closed: await patternsOf(client, filling, examples.closed),
  }
  const kinds = [
    { name: 'served', from: 1, to: open },
    { name: 'waiting', from: open + 1, to: open + waiting },
    { name: 'closed', from: open + waiting + 1, to: conversations },
  ] as const
  const recorded = RECORDED_DAYS * filling.perDay
  for (const { name, from, to } of kinds) {
    for (let first = Math.max(from, made + 1); first <= to; first += SLICE) {
      const last = Math.min(first + SLICE - 1, to)
      for (const pattern of patterns[name]) {
        const isRecord = RECORDED.includes(pattern.table)
        if (isRecord && first > recorded) continue
        await client.query(copying(pattern), [first, isRecord ? Math.min(last, recorded) : last])
      }
      filling.progress?.(last)
    }
  }
  const tables = new Set(Object.values(patterns).flatMap((of) => of.map(({ table }) => table)))
  for (const table of tables) await client.query(`vacuum (analyze) ${table}`)
  await client.query('analyze')
}

/** Partitions for the days of records. */
async function makeDays(client: pg.Client, now: number): Promise<void> {
  for (const table of RECORDED) {
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
      const values: string[] = []
      const place = (sql: string): string => `%${values.push(sql)}$s`
      for (const id of OWN_IDS) if (typeof row[id] === 'string') row[id] = `${OWN}${id}`
      if (table === 'timer') row.due_at = row.run_at = MUCH_LATER
      const format = Object.entries(row)
        .filter(([name]) => columns.includes(name))
        .map(([name, value]) => `${JSON.stringify(name)}:${textOf(value)}`)
        .join()
      patterns.push({ table, columns, format: `{${format}}`, values })

      function textOf(value: unknown): string {
        if (typeof value === 'number' && isInstant(value)) {
          return place(`(${copied} + ${value - startedAt})`)
        }
        if (typeof value === 'string') return `"${stringOf(value)}"`
        if (Array.isArray(value)) return `[${value.map(textOf).join()}]`
        if (typeof value === 'object' && value !== null) {
          const members = Object.entries(value).map(
            ([name, member]) => `"${stringOf(name)}":${textOf(member)}`,
          )
          return `{${members.join()}}`
        }
        return JSON.stringify(value)
      }

      function stringOf(text: string): string {
        if (text.startsWith(OWN)) return place(`md5('${text}' || n)::uuid`)
        if (text === MUCH_LATER)
          return place(`to_timestamp(${now / 1000} + n + ${TIMER_DAYS * 86_400})`)
        if (/^\d{4}-\d\d-\d\dT[\d:.]+\+00:00$/.test(text)) {
          return place(`to_timestamp((${copied} + ${Date.parse(text) - startedAt}) / 1000.0)`)
        }
        let format = JSON.stringify(text).slice(1, -1).replaceAll('%', '%%')
        for (const [id, sql] of ids) {
          if (format.includes(id)) format = format.replaceAll(id, () => place(sql))
        }
        return format
      }
    }
  }
  return patterns
}

/** Whether a number is likely one: of the years 2001 to 2065. */
function isInstant(value: number): boolean {
  return value > 1e12 && value < 3e12
}

function copying({ table, columns, format, values }: Pattern): string {
  const names = columns.map((name) => `"${name}"`)
  return `insert into ${table} (${names.join()})
    select ${names.map((name) => `made.${name}`).join()} from generate_series($1::bigint, $2::bigint) n,
      jsonb_populate_record(null::${table}, format(${literal(format)}, ${values.join()})::jsonb) made`
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** Tables of accounts without their partitions, with the columns that can be written. */
async function tablesOf(client: pg.Client): Promise<{ table: string; columns: string[] }[]> {
  const { rows } = await client.query<{ table: string; columns: string[] }>(
    `select c.relname as table, array_agg(a.attname::text order by a.attnum) as columns
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
