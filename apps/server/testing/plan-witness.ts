import { once } from 'node:events'
import { createConnection, createServer, type Socket } from 'node:net'
import pg from 'pg'
import * as z from 'zod'

interface PlanNode {
  'Node Type': string
  'Relation Name'?: string | undefined
  'Index Name'?: string | undefined
  'Shared Hit Blocks': number
  'Shared Read Blocks': number
  Plans?: PlanNode[] | undefined
}

const PlanNode: z.ZodType<PlanNode> = z.lazy(() =>
  z.looseObject({
    'Node Type': z.string(),
    'Relation Name': z.string().optional(),
    'Index Name': z.string().optional(),
    'Shared Hit Blocks': z.number(),
    'Shared Read Blocks': z.number(),
    Plans: z.array(PlanNode).optional(),
  }),
)
const Explained = z.looseObject({ 'Query Text': z.string(), Plan: PlanNode })

/** One statement that the server has run, as `auto_explain` reports it to its connection. */
export interface RunStatement {
  text: string
  /** Pages of tables and indexes that it touched, whether they were in memory or not. */
  buffers: number
  /** Tables that it read from one end to the other. */
  scanned: string[]
  plan: PlanNode
}

/** A way to a database that notes the plan of each statement with what it really touched, of procedures too. */
export interface PlanWitness extends AsyncDisposable {
  /** For the server that is watched. */
  readonly url: string
  /** Statements since the last call. */
  take(): RunStatement[]
}

const SETTINGS = {
  session_preload_libraries: 'auto_explain',
  'auto_explain.log_min_duration': '0',
  'auto_explain.log_analyze': 'on',
  'auto_explain.log_buffers': 'on',
  'auto_explain.log_timing': 'off',
  'auto_explain.log_format': 'json',
  'auto_explain.log_parameter_max_length': '0',
  'auto_explain.log_nested_statements': 'on',
  client_min_messages: 'log',
}
const NOTICE = 'N'.charCodeAt(0)

/** @param url of an embedded database */
export async function openPlanWitness(url: string): Promise<PlanWitness> {
  const { searchParams, username, password, pathname } = new URL(url)
  const admin = new pg.Client(url)
  await admin.connect()
  for (const [name, value] of Object.entries(SETTINGS)) {
    await admin.query(`alter database ${pathname.slice(1)} set ${name} = '${value}'`)
  }
  await admin.end()
  let run: RunStatement[] = []
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = createConnection(`${searchParams.get('host')}/.s.PGSQL.5432`)
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one)
      one.on('error', () => other.destroy()).on('close', () => other.destroy())
      one.pipe(other)
    }
    far.on(
      'data',
      readMessages((notice) => run.push(...statementsIn(notice))),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  return {
    url: `postgresql://${username}:${password}@127.0.0.1:${port}${pathname}`,
    take() {
      const taken = run
      run = []
      return taken
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Messages of the server: a type of one byte, four bytes of length, the rest. */
function readMessages(onNotice: (payload: Buffer) => void): (data: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0)
  return (data) => {
    rest = rest.length === 0 ? data : Buffer.concat([rest, data])
    while (rest.length >= 5) {
      const end = 1 + rest.readUInt32BE(1)
      if (rest.length < end) return
      if (rest[0] === NOTICE) onNotice(rest.subarray(5, end))
      rest = rest.subarray(end)
    }
  }
}

function statementsIn(notice: Buffer): RunStatement[] {
  const fields = notice.toString().split('\0')
  const message = fields.find((field) => field.startsWith('M'))
  const json = message?.split('plan:\n')[1]
  if (json === undefined) return []
  const { 'Query Text': text, Plan: plan } = Explained.parse(JSON.parse(json))
  const buffers = plan['Shared Hit Blocks'] + plan['Shared Read Blocks']
  return [{ text: text.replaceAll(/\s+/g, ' '), buffers, scanned: scannedIn(plan), plan }]
}

/** What a plan does, its dearest steps first: for messages. */
export function stepsOf(plan: PlanNode): string {
  const stepsIn = (node: PlanNode): { pages: number; says: string }[] => {
    const of = [node['Relation Name'], node['Index Name']].filter((name) => name !== undefined)
    const pages = node['Shared Hit Blocks'] + node['Shared Read Blocks']
    const says = [node['Node Type'], ...(of.length > 0 ? ['on', of.join(' by ')] : []), pages]
    return [{ pages, says: says.join(' ') }, ...(node.Plans ?? []).flatMap(stepsIn)]
  }
  const steps = stepsIn(plan).sort((a, b) => b.pages - a.pages)
  return steps.map(({ says }) => says).join('; ')
}

function scannedIn(node: PlanNode): string[] {
  const below = (node.Plans ?? []).flatMap(scannedIn)
  const table = node['Relation Name']
  return node['Node Type'] === 'Seq Scan' && table !== undefined ? [table, ...below] : below
}
