import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { type Endpoint, login, request } from '@parley/client'
import { listBounds } from '@parley/contract'
import pg from 'pg'
import { BASE, filledDataDir, readBase } from '../fill/filled-base.ts'
import { eventually } from '../live/eventually.ts'
import { removeFolder } from '../live/remove-folder.ts'
import { isEarlierServer } from '../live/server-folder.ts'
import { watchSlowness } from '../live/slowness.ts'
import { startDatabase } from './cluster-database.ts'
import { type ClusterNode, startNode } from './cluster-node.ts'
import { makeAgents, openDesk, openTalker, probe } from './nodes-people.ts'
import { openTimings } from './timings.ts'

const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    logs: { type: 'string' },
    conversations: { type: 'string' },
  },
})
const FORM = values.short
  ? { conversations: BASE, staying: 12, moving: 4, talkers: 3, calmMs: 2_000 }
  : { conversations: 1_000_000, staying: 60, moving: 60, talkers: 10, calmMs: 30_000 }
const PLAN = { ...FORM, conversations: Number(values.conversations ?? FORM.conversations) }
/** No request to the node that goes on may take longer on an ordinary machine, whatever happens to the other one. */
const MAX_DELAY_MS = 1_000
const LAST_PATIENCE_MS = 120_000
const OPERATOR_KEY = randomBytes(24).toString('hex')

const complaints: string[] = []
/** Of the node that goes on. */
const timings = openTimings()

/** Makes one fault, waits, and says what the requests of that time took. */
async function during(what: string, fault: () => Promise<unknown>, mayDelay = false) {
  const from = performance.now()
  await fault()
  await sleep(PLAN.calmMs)
  const taken = await timings.since(from)
  const [p50 = 0, p99 = 0, max = 0] = [0.5, 0.99, 1].map((share) => {
    return taken[Math.min(taken.length - 1, Math.floor(taken.length * share))]
  })
  const figures = [p50, p99, max].map((ms) => ms.toFixed(0)).join(', ')
  const times = slowness.since(from)
  console.log(
    `${what}: ${taken.length} requests, p50, p99, max ${figures} ms; the machine at most ${times.toFixed(1)} times slower than an ordinary one`,
  )
  await tellBeyond()
  if (max > MAX_DELAY_MS * times && !mayDelay) {
    complaints.push(`${what} delayed a request by ${max.toFixed(0)} ms`)
  }
}

await using opened = new AsyncDisposableStack()
const slowness = opened.use(watchSlowness())
const dataDir = await filledDataDir(PLAN.conversations)
opened.defer(() => removeFolder(dataDir))
const { firstRun, secretsKey } = readBase(dataDir)
const database = opened.use(await startDatabase(join(dataDir, 'postgres')))
const env = {
  DATABASE_URL: database.url,
  PARLEY_SECRETS_KEY: secretsKey,
  PARLEY_OPERATOR_KEY: OPERATOR_KEY,
}
const staying = opened.use(await startNode({ name: 'staying', env, logs: values.logs }))
const at = (node: ClusterNode): Endpoint => node.endpoint() ?? endpointOf(staying)
function endpointOf(node: ClusterNode): Endpoint {
  const endpoint = node.endpoint()
  if (!endpoint) throw new Error(`Node ${node.name} is down`)
  return endpoint
}

const client = new pg.Client(database.url)
client.on('error', () => undefined)
await client.connect()
opened.defer(() => client.end())
const stayingId = await newestNode()
const ending = opened.use(await startNode({ name: 'ending', env, logs: values.logs }))

const admin = await login(endpointOf(staying), firstRun.admin)
const desks = []
for (const agent of await makeAgents(admin, 'stays', PLAN.staying)) {
  desks.push(await openDesk(endpointOf(staying), agent))
}
const over = new AbortController()
// What fails is told before what is missing when the nodes have stopped.
opened.defer(() => over.abort())
let closed = 0
for (const { agent } of desks) {
  void agent.socket.closed.then((code) => {
    closed += 1
    // In the end they are closed here.
    if (over.signal.aborted) return
    console.log(`A socket was closed with ${code}`)
  })
}
/** Agents of the node that ends come back at the other one. */
async function serveMoving(agent: Parameters<typeof openDesk>[1]): Promise<void> {
  while (!over.signal.aborted) {
    const desk = await openDesk(at(ending), agent).catch(() => undefined)
    const isOver = new Promise((resolve) => over.signal.addEventListener('abort', resolve))
    if (desk) await Promise.race([desk.agent.socket.closed, isOver])
    else await sleep(500)
    desk?.agent[Symbol.dispose]()
  }
}
const moving = (await makeAgents(admin, 'moves', PLAN.moving)).map(serveMoving)
const timingsOfEnding = openTimings()
const talkers = []
for (let nth = 0; nth < PLAN.talkers; nth++) {
  talkers.push(await openTalker(() => endpointOf(staying), over.signal, timings))
  talkers.push(await openTalker(() => at(ending), over.signal, timingsOfEnding))
}
// The first desk follows all conversations; the others are sent those that they have taken.
const [observer] = desks
for (const { conversationId: dialogId } of talkers) {
  await observer?.agent.socket.request('ms.SubscribeMessagingEvents', { dialogId, fromSeq: 0 })
}
const talking = talkers.map(({ talk }) => talk())
const probing = probe(
  desks.map(({ agent }) => agent),
  over.signal,
  timings,
)

await during('nothing', async () => undefined)
await during('the listening connections broken', async () => {
  const { rowCount } =
    await client.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()
    and (query like 'listen%' or query like 'select pg_notify%')`)
  if (!rowCount) complaints.push('No listening connection was found')
})
await during('the other node stopped by SIGTERM', ending.stop)
await ending.start()
await sleep(1_000)
await during('the other node killed', async () => {
  await ending.kill()
  await buryOthers()
})
await ending.start()
await sleep(1_000)
await during('the other node held by SIGSTOP', async () => {
  ending.signal('SIGSTOP')
  await buryOthers()
  ending.signal('SIGCONT')
})
// So that the database comes back in a moment.
await client.query('checkpoint')
await during('the database killed', database.kill, true)

const closedThen = closed

over.abort()
await Promise.all([probing, ...moving, ...talking])
const said = talkers.reduce((sum, talker) => sum + talker.said.length, 0)
let [lost, twice, disorder] = [0, 0, 0]
const heardUntil = performance.now() + LAST_PATIENCE_MS
for (const { conversationId, said: lines } of talkers) {
  const last = lines.at(-1)?.text
  const isHeard = () => observer?.heard.get(conversationId)?.some(({ text }) => text === last)
  await eventually('The last message', () => isHeard() || undefined, {
    patienceMs: heardUntil - performance.now(),
  }).catch(() => undefined)
  const heard = observer?.heard.get(conversationId) ?? []
  for (const { sequence, text } of lines) {
    const times = heard.filter((one) => one.sequence === sequence && one.text === text).length
    if (times === 0) lost += 1
    if (times > 1) twice += 1
  }
}
for (const { heard } of desks) {
  for (const [dialogId, messages] of heard) {
    // An agent that was given a dialog gets its messages also before it follows them from the first one on.
    const all = messages.map(({ sequence }) => sequence)
    const numbers = all.slice(all.lastIndexOf(0) + 1)
    const gaps = numbers.filter((number, nth) => nth > 0 && number !== (numbers[nth - 1] ?? 0) + 1)
    if (gaps.length > 0) console.log(`${dialogId}: ${numbers.join(' ')}`)
    disorder += gaps.length
  }
}
console.log(
  `${said} messages acknowledged: lost ${lost}, twice ${twice}, out of order ${disorder}; ${closedThen} of ${desks.length} sockets closed`,
)
if (lost + twice + disorder > 0) complaints.push('Messages were lost, doubled or out of order')
if (closedThen > 0) complaints.push(`${closedThen} sockets of the node that goes on were closed`)
for (const { agent } of desks) agent[Symbol.dispose]()
for (const complaint of complaints) console.error(complaint)
console.log(`${complaints.length === 0 ? 1 : 0} passed, ${complaints.length} failed`)
process.exitCode = complaints.length === 0 ? 0 : 1

/** What was too much for the node that goes on, since it started: it refuses, forgets or cuts then. */
async function tellBeyond(): Promise<void> {
  if (isEarlierServer) return
  const { url } = endpointOf(staying)
  const { bounds } = listBounds.reply.parse(
    await request(url, { method: 'GET', path: listBounds.path, bearer: OPERATOR_KEY }),
  )
  for (const { holds, limit, each, beyond } of bounds) {
    if (beyond > 0) console.log(`  too much ${beyond} times: ${holds} (${limit}, each ${each})`)
  }
}

async function newestNode(): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    'select node_id as id from node order by seen_at desc limit 1',
  )
  if (!rows[0]) throw new Error('There is no node')
  return rows[0].id
}

/** The other nodes count as dead, as after 20 seconds of silence: resolves when the one that goes on has noticed. */
async function buryOthers(): Promise<void> {
  const others = 'where node_id <> $1'
  await client.query(`update node set seen_at = seen_at - interval '21 seconds' ${others}`, [
    stayingId,
  ])
  await eventually('The end of the other node', async () => {
    const { rowCount } = await client.query(`select from node ${others}`, [stayingId])
    return rowCount === 0 || undefined
  })
}
