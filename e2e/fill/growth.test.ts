import pg from 'pg'
import { expect, inject, test } from 'vitest'
import { cloneDatabase } from '../../apps/server/src/base/postgres/index.ts'
import {
  makeExamples,
  openFilling,
  openPlanWitness,
  type RunStatement,
  startTestServer,
  stepsOf,
} from '../../apps/server/testing/index.ts'
import { tour } from './tour.fixture.ts'

const SMALL = 20_000
const LARGE = 200_000
/** Timers that are not due, and rows of the outbox that wait behind others. */
const WAITING_ROWS = 1_000_000
const PER_DAY = 500
/** A tree of an index grows by a level, a page by a few rows: this much more may be touched. */
const MAX_GROWTH = { times: 1.5, pages: 300 }
/** A list of a thousand rows by their keys costs so many, whatever the history is. */
const FREE_PAGES = 4_000
/** Of a statement, at most: a page of 200 conversations, a count of three days. */
const MAX_PAGES = 12_000
/** Tables that are large in one of the two. */
const LARGE_TABLES = ['conversation', 'message', 'document', 'context_property', 'timer', 'outbox']
/** What a statement touches is compared: rows that were deleted before are gone when the test says so, not when the database finds the time. */
const NO_AUTOVACUUM = `do $$ declare name regclass; begin
  for name in select oid from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace loop
    execute format('alter table %s set (autovacuum_enabled = off)', name);
  end loop;
end $$`
/** What must be among the statements, so that what is promised of it is shown. */
const PROMISED = {
  subscriptions: `from ( select * from conversation where account_id = $ and stage = 'OPEN' union all`,
  'subscriptions of a consumer': `from "conversation" where "account_id" = $ and "stage" in ($) and "consumer_id" = $`,
  retention: `from "conversation" where "account_id" = $ and "stage" = $ and "closed_at_ms" < $`,
  'erasure of a consumer': `where c.account_id = document.account_id and c.consumer_id = document.id offset 0`,
  'histories with count': `select count(*) as "total" from "conversation" where "account_id" = $ and true and "started_at_ms" >= $`,
  'histories by words': `m.body->'event'->>'message' ilike any($) offset 0) order by started_at_ms`,
  'histories by a name': `and id = conversation.consumer_id and concat_ws`,
  'what waits in skills': `state->>'skillId' from document where account_id = $ and kind = $ and list_state = 'waiting'`,
  'live chats by words': `from message m where m.account_id = chat.account_id and m.conversation_id = chat.id`,
  'mails of a live chat': `"kind" = $ and "list_of" = $ order by "list_at"`,
  'what has expired in the context store':
    'delete from context_property where account_id = $ and expires_at <= $',
  'dead nodes':
    'ceil(extract(epoch from clock_timestamp() - seen_at) * 1000)::int8 as "silent_ms" from "node"',
  'agents of dead nodes': `state->'nodes' @> $`,
  'due rows': 'update outbox work set leased_by',
  'due timers': 'update timer work set leased_by',
}
/** Statements that may read a whole table, with the reason. */
const WHOLE = [
  // How much of `limits.contextStoreBytes` an account takes: at most once a minute while it writes, of what the limit lets in.
  'select coalesce(sum(pg_column_size(value)',
]

test('no statement touches more because history is longer, or because a million rows wait', async () => {
  await using database = await cloneDatabase(inject('templateUrl'))
  await using witness = await openPlanWitness(database.url)
  await using server = await startTestServer({ databaseUrl: witness.url, wallClock: 'system' })
  const client = new pg.Client(database.url)
  await client.connect()
  await using _closing = { [Symbol.asyncDispose]: () => client.end() }
  await client.query('set auto_explain.log_min_duration = -1')
  await client.query(NO_AUTOVACUUM)
  const newest = server.clock.now()
  const filling = await openFilling(client, {
    accountId: server.accountId,
    open: 800,
    waiting: 20,
    perDay: PER_DAY,
    now: newest,
    examples: await makeExamples(server, server),
  })
  await filling.fill(SMALL)
  const before = await dearest(SMALL)
  await filling.fill(LARGE)
  await addWaitingRows(client, server.accountId)
  const uncounted = await statementsOfNodes()
  await client.query('vacuum (analyze) timer, outbox')
  const after = await dearest(LARGE, uncounted)

  expect(before.size).toBeGreaterThan(100)
  for (const run of [before, after]) {
    const texts = [...run.keys()].join('\n')
    const absent = Object.entries(PROMISED).filter(([, text]) => !texts.includes(text))
    expect(absent).toEqual([])
  }
  const complaints = [...after].flatMap(([text, { buffers, scanned, plan }]) => {
    if (WHOLE.some((known) => text.startsWith(known))) return []
    const whole = scanned.filter((table) => LARGE_TABLES.includes(table))
    const pages = before.get(text)?.buffers
    const allowed =
      pages === undefined
        ? MAX_PAGES
        : Math.min(
            MAX_PAGES,
            Math.max(FREE_PAGES, pages * MAX_GROWTH.times, pages + MAX_GROWTH.pages),
          )
    return [
      ...(whole.length > 0 ? [`reads all of ${whole.join()}: ${text}`] : []),
      ...(buffers > allowed
        ? [`touches ${buffers} pages, ${pages} before: ${text} (${stepsOf(plan)})`]
        : []),
    ]
  })
  expect(complaints).toEqual([])

  async function dearest(
    conversations: number,
    earlier: readonly RunStatement[] = [],
  ): Promise<Map<string, RunStatement>> {
    witness.take()
    const tidyUp = () => client.query('vacuum (analyze)')
    await tour(server, { days: conversations / PER_DAY, newest, tidyUp })
    return dearestRuns([...earlier, ...witness.take()])
  }

  /** What the node asks by itself while the planner does not know yet that the rows have come. */
  async function statementsOfNodes(): Promise<RunStatement[]> {
    witness.take()
    const run: RunStatement[] = []
    const taking = ['update outbox work set leased_by', 'update timer work set leased_by']
    const isSeen = () => {
      run.push(...witness.take())
      return taking.every((start) => run.some(({ text }) => text.trim().startsWith(start)))
    }
    await expect.poll(isSeen).toBe(true)
    return run
  }
}, 1_800_000)

/** The run of each statement that touched most. Those that differ in the number of their parameters are one. */
function dearestRuns(run: readonly RunStatement[]): Map<string, RunStatement> {
  const found = new Map<string, RunStatement>()
  for (const statement of run) {
    const text = statement.text.replaceAll(/\$\d+(, \$\d+)*/g, '$')
    const known = found.get(text)
    if (!known || known.buffers < statement.buffers) found.set(text, statement)
  }
  return found
}

/** Two halves: timers that are due in ten years, and rows behind others with the same ordering key, which nobody may take yet. */
async function addWaitingRows(client: pg.Client, accountId: string): Promise<void> {
  await client.query(
    `insert into timer (account_id, kind, key, facts, due_at, run_at)
      select $1, 'conversation', 'waits-' || n, jsonb_build_object('name', 'idle-agent', 'conversationId', 'waits-' || n), at, at
      from generate_series(1, ${WAITING_ROWS / 2}) n,
        lateral (select now() + interval '10 years' + n * interval '1 second' as at) t`,
    [accountId],
  )
  await client.query(
    `insert into outbox (account_id, consumer, lane, lane_hash, facts, head, run_at, created_at)
      select $1, 'controller-bot', 'waits-' || n % 1000, n % 1000, '{}', false, '2020-01-01', '2020-01-01'
      from generate_series(1, ${WAITING_ROWS / 2}) n`,
    [accountId],
  )
}
