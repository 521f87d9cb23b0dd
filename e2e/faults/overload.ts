import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { login, request, type Session } from '@parley/client'
import { makeAccount } from '@parley/contract'
import { deploy, ECHO_CODE, liftLimits } from '../../bench/deployed-function.ts'
import { forkProgram } from '../../bench/forked.ts'
import { collectGarbage, INSPECTABLE } from '../../bench/inspector.ts'
import { usageOf, watchPeak } from '../attack/usage.ts'
import { BASE, filledDataDir } from '../fill/filled-base.ts'
import { startParley } from '../live/parley.ts'
import { removeFolder } from '../live/remove-folder.ts'
import { isEarlierServer } from '../live/server-folder.ts'
import type {
  Answered,
  Caller,
  LoadOrder,
  LoadResult,
  ReadBack,
  Traffic,
} from './overload-orders.ts'

const { values } = parseArgs({ options: { short: { type: 'boolean', default: false } } })
const PLAN = values.short
  ? { kneeMs: 3_000, loadMs: 6_000, conversations: 40, crowd: 2_000 }
  : { kneeMs: 10_000, loadMs: 60_000, conversations: 200, crowd: 10_000 }
const CLIENTS = 64
/** Of each account, where requests leave at a fixed rate. */
const CONNECTIONS = 500
const MODEST_CONNECTIONS = 50
/** What is accepted takes no longer; on a slow machine so often what it takes at the knee. */
const MAX_P99_MS = 1_000
const MAX_OF_KNEE = 4
/** The short form judges what must hold on any machine, and prints times. They say something of a server that had its part of the machine all the while: its knee was the same before and after. */
const STEADY = 0.6
const CALM_P99_MS = 500
/** Of a crowd: all are read at once when they come, and who asks again before it was told to is answered about when it was told to. */
const MAX_CROWD_MS = 2_000
const MAX_RECOVERY_MS = 5_000
const MAX_KEPT_MB = 50
const MODEST_PER_SECOND = 10
/** When the load stands still for a moment, the modest account asks often in the next one. */
const MODESTLY = 0.05
/** Of twice the knee: who asks most, and who asks for more than its share, too. */
const GREEDY = 0.7
/** No account that asks for more than its share gets so many times as much as another one. */
const MAX_UNFAIR = 2
const OPERATOR_KEY = randomBytes(24).toString('hex')

/** What the connections must fit. */
const OPEN_FILES = 20_000
const dataDir = await filledDataDir(BASE)
using _base = { [Symbol.dispose]: () => removeFolder(dataDir) }
await using parley = await startParley({
  dataDir,
  command: [
    'bash',
    '-c',
    `ulimit -n ${OPEN_FILES}; exec "$0" "$@"`,
    process.execPath,
    ...INSPECTABLE,
    'apps/server/src/start.mjs',
  ],
  env: {
    PARLEY_OVERLOAD_MS: '250',
    PARLEY_OPERATOR_KEY: OPERATOR_KEY,
    PARLEY_CONNECTIONS_PER_ADDRESS: String(OPEN_FILES),
  },
})
await using generator = await forkProgram('../e2e/faults/overload-load.ts')
const ask = <Reply>(order: LoadOrder) => generator.ask<Reply>(order)
const complaints: string[] = []

/** An earlier server has no operator, who makes accounts: there all are the first one. */
async function sessionOf(accountId: string): Promise<Session> {
  if (accountId === 'first' || isEarlierServer) return first
  const made = makeAccount.reply.parse(
    await request(parley.endpoint.url, {
      method: 'POST',
      path: makeAccount.path,
      bearer: OPERATOR_KEY,
      body: { accountId, admin: { loginName: 'admin' } },
    }),
  )
  return await login({ ...parley.endpoint, accountId }, made.admin)
}

/** An account whose own limits are out of the way, with a function. */
async function prepare(who: string, session: Session): Promise<Caller> {
  if (!isEarlierServer) await liftLimits(session)
  const functionId = await deploy(session, { name: `echo_${who}`, code: ECHO_CODE })
  const { accountId, bearer } = session
  const path = `/api/account/${accountId}/lambdas/${functionId}/invoke?v=1&externalSystem=load`
  return { who, bearer, path }
}

function complain(what: string, isWrong: boolean, text: string): void {
  if (isWrong) complaints.push(`${what}: ${text}`)
}

function told({ who, sent, unsent, accepted, refused, statuses }: Answered): string {
  const left = unsent > 0 ? `, ${unsent} not` : ''
  const times = `accepted ${accepted.count}, p50 ${ms(accepted.p50Ms)}, p99 ${ms(accepted.p99Ms)}`
  const refusals = refused.count > 0 ? `; refused p99 ${ms(refused.p99Ms)}` : ''
  return `  ${who}: ${sent} sent${left}, ${JSON.stringify(statuses)}; ${times}${refusals}`
}

/** Of nothing there is no time: it came as `null`. */
function ms(value: number | null): string {
  return value === null ? 'none' : `${value.toFixed(0)} ms`
}

/** How long until ten requests in a row take what they take on a calm server, nearly. */
async function recovers(what: Traffic, who: string, calmMs: number): Promise<number> {
  const overAt = performance.now()
  while (performance.now() - overAt < 10 * MAX_RECOVERY_MS) {
    const answered = await ask<Answered>({ do: 'ask', what, who, clients: 1, ms: 200 })
    const isCalm =
      answered.refused.count === 0 && answered.accepted.p50Ms < Math.max(50, 3 * calmMs)
    if (isCalm) return performance.now() - overAt
  }
  return Infinity
}

/** What is left of the server's memory when its garbage is collected. */
async function heldMegabytes(): Promise<number> {
  await collectGarbage(parley.output())
  return usageOf(parley.pid).megabytes
}

/** How much is answered a second when as many clients as that send one request after the other. */
async function kneeOf(alone: { do: 'ask'; what: Traffic; who: string }, durationMs: number) {
  const answered = await ask<Answered>({ ...alone, clients: CLIENTS, ms: durationMs })
  const { count } = answered.accepted
  if (count === 0) throw new Error(`Nothing was accepted: ${JSON.stringify(answered.statuses)}`)
  return { ...answered, perSecond: (count * 1_000) / durationMs }
}

/** Returns the time that nobody may wait longer for. */
function judge(
  what: string,
  atKnee: Pick<Answered, 'accepted'>,
  accounts: readonly Answered[],
  { isJudged, maxMs = MAX_P99_MS }: { isJudged: boolean; maxMs?: number },
): number {
  const bar = Math.max(maxMs, MAX_OF_KNEE * atKnee.accepted.p99Ms)
  for (const { who, accepted, refused: turned, statuses, withoutRetryAfter } of accounts) {
    const others = Object.keys(statuses).filter((status) => !['200', '429', '503'].includes(status))
    complain(what, others.length > 0, `${who} was answered ${others.join(', ')}`)
    complain(what, withoutRetryAfter > 0, `${withoutRetryAfter} refusals without Retry-After`)
    if (!isJudged) continue
    complain(what, accepted.p99Ms > bar, `${who} waited ${ms(accepted.p99Ms)}`)
    complain(what, turned.p99Ms > bar, `${who} was refused only after ${ms(turned.p99Ms)}`)
  }
  return bar
}

async function overload(
  what: Traffic,
  [greedy, second, modest]: readonly [string, string, string],
) {
  const alone = { do: 'ask', what, who: greedy } as const
  await ask({ ...alone, clients: CLIENTS, ms: PLAN.kneeMs / 2 })
  const calm = await ask<Answered>({ ...alone, clients: 1, ms: PLAN.kneeMs / 3 })
  const { perSecond: knee, ...atKnee } = await kneeOf(alone, PLAN.kneeMs)
  const before = await heldMegabytes()
  const shares = [
    { who: greedy, perSecond: 2 * knee * GREEDY },
    { who: second, perSecond: 2 * knee * (1 - GREEDY) },
    { who: modest, perSecond: MODEST_PER_SECOND },
  ]
  using watched = watchPeak(parley.pid)
  const loaded = await ask<LoadResult>({ do: 'load', what, shares, ms: PLAN.loadMs })
  const recoveryMs = await recovers(what, greedy, calm.accepted.p50Ms)
  const kneeAfter = await kneeOf(alone, PLAN.kneeMs / 2)
  const steadiness = Math.min(knee / kneeAfter.perSecond, kneeAfter.perSecond / knee)
  const isSteady = steadiness >= STEADY && atKnee.accepted.p99Ms <= CALM_P99_MS
  const isJudged = isSteady && !values.short
  const { megabytes: peak } = watched.peak
  let after = await heldMegabytes()
  for (let second = 0; second < 10 && after - before > MAX_KEPT_MB; second++) {
    await sleep(1_000)
    after = await heldMegabytes()
  }

  const { accounts, seconds, ownDelay } = loaded
  const [ofGreedy, ofSecond, ofModest] = accounts
  if (!ofGreedy || !ofSecond || !ofModest) throw new Error('An account was not asked for')
  const sent = accounts.reduce((sum, account) => sum + account.sent, 0)
  const refused = accounts.reduce((sum, account) => sum + account.refused.count, 0)
  console.log(
    [
      `${what}: knee ${knee.toFixed(0)}/s (p99 ${ms(atKnee.accepted.p99Ms)}; one client p50 ${ms(calm.accepted.p50Ms)})`,
      `  sent ${(sent / seconds).toFixed(0)}/s, ${((100 * refused) / sent).toFixed(0)} % refused; own delay of the load p99 ${ms(ownDelay.p99Ms)}`,
      ...accounts.map(told),
      `  knee afterwards ${kneeAfter.perSecond.toFixed(0)}/s${isSteady ? '' : ': the machine was not steady'}`,
      `  normal after ${ms(recoveryMs)}; memory ${peak} MB at most, of which ${before} MB were held before and ${after} MB after`,
    ].join('\n'),
  )
  const bar = judge(what, atKnee, accounts, { isJudged })
  const isQueue = refused === 0 && ofGreedy.accepted.p99Ms > bar
  complain(what, isQueue, `nothing was refused, and waited for ${ms(ofGreedy.accepted.p99Ms)}`)
  const shareRefused = (account: Answered) => account.refused.count / account.sent
  const modestly = shareRefused(ofModest)
  complain(
    what,
    modestly > MODESTLY && modestly > shareRefused(ofGreedy) / 2,
    `the modest account was refused ${ofModest.refused.count} of ${ofModest.sent} times`,
  )
  const unfair = ofGreedy.accepted.count / ofSecond.accepted.count
  complain(
    what,
    isJudged && unfair > MAX_UNFAIR,
    `the greedy account got ${unfair.toFixed(1)} times as much`,
  )
  complain(what, isJudged && recoveryMs > MAX_RECOVERY_MS, `normal only after ${ms(recoveryMs)}`)
  complain(what, after - before > MAX_KEPT_MB, `${after - before} MB are kept`)
}

/** As many connections as that, of clients that ask again at once, whatever they were told. */
async function crowd(
  callers: readonly Caller[],
  [greedy, second, modest]: readonly [string, string, string],
) {
  const alone = { do: 'ask', what: 'calls', who: greedy } as const
  const { perSecond: knee, ...atKnee } = await kneeOf(alone, PLAN.kneeMs)
  const crowds = [
    { who: greedy, clients: GREEDY * PLAN.crowd },
    { who: second, clients: Math.round((1 - GREEDY) * PLAN.crowd) },
  ]
  const sizes = new Map(crowds.map(({ who, clients }) => [who, clients]))
  await meetCallers(callers, sizes)
  const shares = [{ who: modest, perSecond: MODEST_PER_SECOND }]
  const { accounts, seconds, ownDelay } = await ask<LoadResult>({
    do: 'crowd',
    crowds,
    shares,
    ms: PLAN.loadMs,
  })
  await meetCallers(callers)
  const sum = (of: 'accepted' | 'refused') =>
    accounts.reduce((total, account) => total + account[of].count, 0)
  console.log(
    [
      `a crowd of ${PLAN.crowd}: knee ${knee.toFixed(0)}/s, accepted ${(sum('accepted') / seconds).toFixed(0)}/s, refused ${(sum('refused') / seconds).toFixed(0)}/s; own delay of the load p99 ${ms(ownDelay.p99Ms)}`,
      ...accounts.map(told),
    ].join('\n'),
  )
  judge('a crowd', atKnee, accounts, { isJudged: !values.short, maxMs: MAX_CROWD_MS })
}

/** Has each account call by so many connections, the last one by few; those of before are ended. */
async function meetCallers(
  callers: readonly Caller[],
  sizes: ReadonlyMap<string, number> = new Map(),
): Promise<void> {
  const wanted = callers.map((one) => ({
    ...one,
    connections: sizes.get(one.who) ?? (one === callers.at(-1) ? MODEST_CONNECTIONS : CONNECTIONS),
  }))
  await ask({ do: 'call', url: parley.endpoint.url, callers: wanted })
}

const first = await login(parley.endpoint, parley.firstRun.admin)
const names = ['first', 'second', 'modest'] as const
const sessions = new Map<string, Session>()
for (const who of names) sessions.set(who, await sessionOf(who))
const callers: Caller[] = []
for (const [who, session] of sessions) callers.push(await prepare(who, session))
await meetCallers(callers)
await overload('calls', names)
await crowd(callers, names)
for (const [who, { url, accountId }] of sessions) {
  const conversations = who === 'modest' ? 5 : PLAN.conversations
  await ask({ do: 'meet', who, endpoint: { url, accountId }, conversations })
}
await overload('messages', names)
const { acknowledged, complaints: wrong } = await ask<ReadBack>({ do: 'read back' })
console.log(`${acknowledged} messages acknowledged, ${wrong.length} lost, doubled or moved`)
complaints.push(...wrong)
const limits = /^  Connections .*$/m.exec(parley.output())?.[0] ?? ''
complain(
  'limits',
  !limits.includes(` ${0.8 * OPEN_FILES}, of one address`),
  `The start said "${limits}"`,
)
for (const complaint of complaints) console.error(complaint)
console.log(`${complaints.length === 0 ? 1 : 0} passed, ${complaints.length} failed`)
process.exitCode = complaints.length === 0 ? 0 : 1
