import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { call, login } from '@parley/client'
import { changeAccountSettings, listLogs } from '@parley/contract'
import * as z from 'zod'
import { eventually, PATIENCE_MS } from '../live/eventually.ts'
import type { Slowness } from '../live/slowness.ts'
import type { StorageBase } from './storage-base.ts'
import type { Talk } from './storage-talk.ts'
import { openTimings } from './timings.ts'

/** What was measured, in words, and what of it is not as promised. */
export interface Finding {
  measured: string
  complaints: string[]
}

/** How a fault is made. */
export interface Manner {
  /** Each wait as short as it may be. */
  short: boolean
  /** What durations may take more on a machine that is slow in the same moment. */
  slowness: Slowness
}

const POLL_MS = 100
const Health = z.looseObject({ clockSkewMs: z.number().optional() })

export function complain(isSo: boolean, text: string): string[] {
  return isSo ? [] : [text]
}

async function health(base: { endpoint(): { url: string } }) {
  const startedAt = performance.now()
  const reply = await fetch(`${base.endpoint().url}/health`)
  const text = await reply.text()
  return { status: reply.status, text, tookMs: performance.now() - startedAt }
}

function slowest(talk: Talk): number {
  return Math.max(0, ...talk.take().map(({ tookMs }) => tookMs))
}

/** Asks again and again for so long; what each took, in milliseconds. A refusal is thrown. */
async function askAgain(ask: () => Promise<unknown>, forMs: number): Promise<number[]> {
  const timings = openTimings()
  const from = performance.now()
  while (performance.now() - from < forMs) {
    await timings.time(ask)
    await sleep(POLL_MS)
  }
  return await timings.since(from)
}

/** Packets vanish, no connection breaks. */
export async function silentNetwork(
  base: StorageBase,
  talk: Talk,
  { short, slowness }: Manner,
): Promise<Finding> {
  const SILENT_MS = short ? 6_000 : 12_000
  base.network.silence()
  const silentAt = performance.now()
  let noticedMs = Infinity
  let slowestHealth = 0
  const isOver = (elapsedMs: number) =>
    elapsedMs > (noticedMs === Infinity ? PATIENCE_MS : SILENT_MS)
  while (!isOver(performance.now() - silentAt)) {
    const { status, tookMs } = await health(base)
    slowestHealth = Math.max(slowestHealth, tookMs)
    if (status === 503) noticedMs = Math.min(noticedMs, performance.now() - silentAt)
    await sleep(POLL_MS)
  }
  talk.take()
  base.network.speak()
  const speaksAt = performance.now()
  await eventually('A message after the silence', () => talk.take().length > 0 || undefined)
  const servedMs = performance.now() - speaksAt
  const times = slowness.since(silentAt)
  return {
    measured: `noticed after ${Math.round(noticedMs)} ms, served ${Math.round(servedMs)} ms after connections work, slowest health ${Math.round(slowestHealth)} ms`,
    complaints: [
      ...complain(noticedMs <= 5_000 * times, `Noticed only after ${Math.round(noticedMs)} ms`),
      ...complain(servedMs <= 10_000 * times, `Served only after ${Math.round(servedMs)} ms`),
      ...complain(slowestHealth <= 1_000 * times, `Health took ${Math.round(slowestHealth)} ms`),
    ],
  }
}

/** More than a node has connections for. */
const CHANGES_THAT_WAIT = 30

/** A transaction that somebody has forgotten holds a conversation, and every account as a change of what it has does. */
export async function stuckLock(
  base: StorageBase,
  talk: Talk,
  { short, slowness }: Manner,
): Promise<Finding> {
  // The database itself ends what waits for a lock for five seconds.
  const HELD_MS = short ? 6_000 : 10_000
  await using forgetful = await base.connect()
  await forgetful.query('begin')
  await forgetful.query(
    `select from conversation where conversation_id =
      (select conversation_id from conversation where stage = 'CLOSE' limit 1) for update`,
  )
  await forgetful.query(`select from account for no key update`)
  const session = await login(base.endpoint(), base.firstRun.admin)
  talk.take()
  const heldAt = performance.now()
  const changes = Array.from({ length: CHANGES_THAT_WAIT }, (_unused, nth) =>
    call(session, changeAccountSettings, { body: { limits: { logEntries: 1 + nth } } }),
  )
  const changing = Promise.allSettled(changes)
  const logins = await askAgain(() => login(base.endpoint(), base.firstRun.admin), HELD_MS)
  const took = talk.take()
  const times = slowness.since(heldAt)
  await forgetful.query('rollback')
  await changing
  const slowLogin = logins.at(-1) ?? Infinity
  const slow = Math.max(0, ...took.map(({ tookMs }) => tookMs))
  return {
    measured: `${took.length} messages meanwhile, the slowest ${Math.round(slow)} ms, ${logins.length} log-ins, the slowest ${Math.round(slowLogin)} ms, beside ${changes.length} changes that wait`,
    complaints: [
      ...complain(took.length > 50 / times, `Only ${took.length} messages beside the lock`),
      ...complain(slow < 2_000 * times, `A message took ${Math.round(slow)} ms`),
      ...complain(slowLogin < 2_000 * times, `A log-in took ${Math.round(slowLogin)} ms`),
    ],
  }
}

/** So long logs are kept, unless an account says otherwise. */
const KEPT_DAYS = 30
const DAY_MS = 86_400_000

/** Of the day of a partition, which its name ends with. */
function endOfDay(partition: string): number {
  const [, year, month, day] = /_p(\d{4})(\d\d)(\d\d)$/.exec(partition) ?? []
  return Date.parse(`${year}-${month}-${day}T00:00Z`) + DAY_MS
}

/** A dump reads everything while the night's work ends an old day. */
export async function dumpAtNight(
  base: StorageBase,
  talk: Talk,
  { short, slowness }: Manner,
): Promise<Finding> {
  const OLD = 'log_entry_p20200101'
  await base.client.query(
    `create table ${OLD} partition of log_entry for values from ('2020-01-01T00:00Z') to ('2020-01-02T00:00Z')`,
  )
  const days = async () =>
    (
      await base.client.query<{ name: string }>(
        `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'log_entry'::regclass`,
      )
    ).rows.map(({ name }) => name)
  const others = (await days()).filter((name) => name !== OLD)
  const isThere = async () =>
    (await base.client.query(`select to_regclass('${OLD}') is not null as there`)).rows[0]?.there
  const atNight = () =>
    base.client.query(
      `update timer set due_at = now(), run_at = now() where kind = 'record-retention' and leased_by is null`,
    )
  await using dump = await base.connect()
  await dump.query('begin isolation level repeatable read read only')
  await dump.query('select count(*) from log_entry')
  talk.take()
  const dumpedAt = performance.now()
  const session = await login(base.endpoint(), base.firstRun.admin)
  await atNight()
  const readLogs = () => call(session, listLogs, { query: { limit: 1 } })
  const logs = await askAgain(readLogs, short ? 4_000 : 6_000)
  const slowLogs = logs.at(-1) ?? Infinity
  const slow = slowest(talk)
  const times = slowness.since(dumpedAt)
  const stayed = await isThere()
  await dump.query('commit')
  const hasEnded = await eventually(
    'The end of the old day',
    async () => {
      await atNight()
      return (await isThere()) ? undefined : true
    },
    { pauseMs: 500 },
  ).catch(() => false)
  const left = await days()
  // A base that is kept since the day before has a day that became old meanwhile.
  const oldUntil = Date.now() - KEPT_DAYS * DAY_MS
  const lost = others.filter((name) => !left.includes(name) && endOfDay(name) > oldUntil)
  return {
    measured: `slowest message beside the dump ${Math.round(slow)} ms, slowest of ${logs.length} readings of logs ${Math.round(slowLogs)} ms, the old day ${stayed ? 'stayed' : 'ended beside it'} and was ${hasEnded ? 'ended' : 'kept'} after it, ${left.length} days are kept`,
    complaints: [
      ...complain(slow < 1_000 * times, `A message took ${Math.round(slow)} ms beside the dump`),
      ...complain(
        slowLogs < 1_000 * times,
        `Logs were read in ${Math.round(slowLogs)} ms beside the dump`,
      ),
      ...complain(stayed, 'The old day ended while the dump read it'),
      ...complain(hasEnded, 'The old day was not ended after the dump'),
      ...complain(lost.length === 0, `Days that were not old ended: ${lost.join(', ')}`),
    ],
  }
}

/** A node whose clock is ten minutes ahead fires nothing that is not due. */
export async function clockAhead(
  base: StorageBase,
  _talk: Talk,
  { short }: Manner,
): Promise<Finding> {
  const AHEAD_MS = 600_000
  const WATCHED_MS = short ? 4_000 : 15_000
  const preload = fileURLToPath(new URL('clock-ahead.mjs', import.meta.url))
  // Timers that only the wrong node could take: the right one does not run.
  await base.node.kill()
  const { rows } = await base.client.query<{ key: string }>(
    `insert into timer (account_id, kind, key, facts, due_at, run_at)
      select $1, 'person-end', 'visitor/ahead-' || n, jsonb_build_object('document', 'visitor', 'id', 'ahead-' || n), at, at
      from generate_series(1, 20) n, lateral (select now() + interval '9 minutes' as at) t returning key`,
    [base.firstRun.accountId],
  )
  const left = async () =>
    Number(
      (await base.client.query(`select count(*) from timer where key like 'visitor/ahead-%'`))
        .rows[0]?.count,
    )
  const env = { NODE_OPTIONS: `--import ${preload}`, AHEAD_MS: String(AHEAD_MS) }
  let early = 0
  let skew = 0
  {
    await using wrong = await base.startAnother('node ahead', env)
    const startedAt = performance.now()
    while (performance.now() - startedAt < WATCHED_MS) {
      early = Math.max(early, rows.length - (await left()))
      await sleep(POLL_MS)
    }
    const endpoint = wrong.endpoint()
    if (!endpoint) throw new Error('The node ahead is down')
    const { text } = await health({ endpoint: () => endpoint })
    skew = Health.parse(JSON.parse(text)).clockSkewMs ?? 0
  }
  await base.client.query(
    `update timer set due_at = now(), run_at = now() where key like 'visitor/ahead-%'`,
  )
  await base.node.start()
  await eventually('The timers by a right clock', async () => (await left()) === 0 || undefined)
  return {
    measured: `${early} of ${rows.length} timers fired early, health says ${skew} ms`,
    complaints: [
      ...complain(early === 0, `${early} timers fired early`),
      ...complain(skew > AHEAD_MS / 2, `Health says a skew of ${skew} ms`),
    ],
  }
}
