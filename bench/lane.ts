import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installClients } from '../e2e/clients/install.ts'
import { withParley } from '../e2e/clients/with-parley.ts'
import { startParley } from '../e2e/live/parley.ts'
import { removeFolder } from '../e2e/live/remove-folder.ts'
import { adminSession, deploy, EVENTS } from './deployed-function.ts'
import { type Product, sample, type Sample, startProduct } from './invoke-targets.ts'
import { type BenchOptions, type BenchReport, median, round } from './report.ts'

const KINDS = {
  synchronous: 'function lambda(input, callback) { callback(null, input.payload) }',
  asynchronous:
    'function lambda(input, callback) { Promise.resolve().then(() => callback(null, input.payload)) }',
  logging:
    "function lambda(input, callback) { console.info('called'); callback(null, input.payload) }",
  failing: "function lambda(input, callback) { callback('no luck') }",
}
type Kind = keyof typeof KINDS
const FAILED = 901

const SIZES = [200, 2000, 64_000]
const CONNECTIONS = 32
const ROUNDS = { long: { rounds: 5, seconds: 2 }, short: { rounds: 1, seconds: 0.5 } }
const MAX_SHARE = 0.01

/** What the functions client 2.2.0 sends besides its token, by `got` 11. */
const CLIENT_HEADERS = {
  'user-agent': 'got (https://github.com/sindresorhus/got)',
  'X-Request-ID': '9f6a5c58-5f6e-4b8e-9d6a-1f6f6a0f5c11',
  'LP-EventSource': 'bench',
  accept: 'application/json',
  'accept-encoding': 'gzip, deflate, br',
  connection: 'keep-alive',
}

/**
 * Of the calls of the unmodified functions client, how many Node's own HTTP server has read: by a client that only calls, and by one that asks
 * before each call whether an event is implemented, which is a GET on the same connections once a minute.
 */
async function measureShare(short: boolean) {
  const folder = mkdtempSync(join(tmpdir(), 'parley-lane-'))
  const counted = join(folder, 'counted')
  const clients = installClients()
  try {
    const counter = join(import.meta.dirname, 'targets/count-node-requests.ts')
    await using parley = await startParley({
      command: [process.execPath, '--import', counter, 'apps/server/src/start.mjs'],
      env: { COUNT_NODE_REQUESTS_IN: counted },
    })
    const session = await adminSession(parley)
    const functionIds: string[] = []
    for (const [kind, code] of Object.entries(KINDS)) {
      functionIds.push(await deploy(session, { name: `bench_${kind}`, code }))
    }
    const { endpoint, firstRun } = parley
    const authStrategy = { clientId: firstRun.client.id, clientSecret: firstRun.client.secret }
    const calls = short ? 50 : 500
    const child = join(import.meta.dirname, 'targets/functions-client-calls.cjs')
    const run = withParley(parley, clients).run
    const plan = {
      options: { accountId: endpoint.accountId, authStrategy },
      functionIds,
      sizes: SIZES,
      calls,
      atOnce: 16,
    }
    /** The share that Node has read. */
    const share = async (more: object) => {
      writeFileSync(counted, '')
      const { text } = await run(['node', child, JSON.stringify({ ...plan, ...more })])
      if (!text.includes('DONE')) throw new Error(text)
      return readFileSync(counted, 'utf8').length / (calls * functionIds.length * SIZES.length)
    }
    return { plain: await share({}), asking: await share({ eventId: EVENTS.opened }) }
  } finally {
    removeFolder(clients)
    removeFolder(folder)
  }
}

function bodyOf(size: number): string {
  const text = 'x'.repeat(size - 80)
  return JSON.stringify({ timestamp: 0, headers: [], payload: { nonce: '{{nonce}}', text } })
}

/** CPU of calls of each kind and size, by the headers of the functions client. */
async function measureCpu({ short, beside }: BenchOptions) {
  await using opened = new AsyncDisposableStack()
  const products = [opened.use(await startProduct(undefined, KINDS))]
  if (beside) products.push(opened.use(await startProduct(beside, KINDS)))
  const { rounds, seconds } = short ? ROUNDS.short : ROUNDS.long
  const measured: { kind: Kind; size: number; samples: Map<Product, Sample[]> }[] = []
  for (const kind of Object.keys(KINDS) as Kind[]) {
    for (const size of SIZES) {
      const samples = new Map<Product, Sample[]>(products.map((product) => [product, []]))
      for (let turn = 0; turn <= rounds; turn++) {
        for (const [product, list] of turn % 2 ? samples : [...samples].toReversed()) {
          const url = product.urls[kind] ?? ''
          const headers = { ...product.headers, ...CLIENT_HEADERS }
          const status = kind === 'failing' ? FAILED : undefined
          const plan = { body: bodyOf(size), status }
          const one = await sample({ ...product, url, headers }, CONNECTIONS, seconds, plan)
          // Compiled code first.
          if (turn > 0) list.push(one)
        }
      }
      measured.push({ kind, size, samples })
    }
  }
  return measured
}

export async function benchLane(options: BenchOptions): Promise<BenchReport> {
  const shares = await measureShare(options.short)
  console.log('Read by node:http, as a share of the calls of the functions client:', shares)
  const measured = await measureCpu(options)
  return {
    rows: measured.map(({ kind, size, samples }) => {
      const columns = [...samples].flatMap(([{ name }, list]) => [
        [`${name} CPU µs`, round(median(list.map(({ cpuMicros }) => cpuMicros)))],
        [`${name} req/s`, round(median(list.map(({ perSecond }) => perSecond)))],
      ])
      return { function: kind, 'body bytes': size, ...Object.fromEntries(columns) }
    }),
    bars: [
      {
        name: 'lane',
        measure: 'share of the functions client that node:http reads',
        reached: Math.max(shares.plain, shares.asking),
        bar: MAX_SHARE,
        wants: 'less',
        isRequired: true,
      },
    ],
    details: {
      shares,
      measured: measured.map(({ kind, size, samples }) => ({
        kind,
        size,
        samples: Object.fromEntries([...samples].map(([{ name }, list]) => [name, list])),
      })),
    },
  }
}
