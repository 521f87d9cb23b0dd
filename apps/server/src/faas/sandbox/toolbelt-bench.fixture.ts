import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { openTestSandbox, type TestSandbox } from './test-sandbox.fixture.ts'
import { ParleyError } from '#base/kernel'
import { PATIENT_SERVER } from '#testing'

/** A request of the toolbelt's own clients to the platform. */
interface OwnRequest {
  host: string
  method: string
  path: string
  headers: Record<string, string>
  body?: string
}

export interface ToolbeltBench extends AsyncDisposable {
  box: TestSandbox
  /** Address of a site that answers with the request it got. */
  base: string
  secrets: Map<string, unknown>
  asked: OwnRequest[]
  /** Answers for the next requests to the platform, or what it throws; 404 when there is none. */
  answers: ({ status: number; headers?: object; body?: unknown } | { failure: Error })[]
  /** What calls of these kinds fail with. */
  failures: Map<string, Error>
  reset(): void
  /** The value of statements (with `await` and `return`), or how they failed. */
  evaluate(statements: string): Promise<unknown>
}

const APP_KEY = { consumerKey: 'ck', consumerSecret: 'cs', token: 't', tokenSecret: 'ts' }

const PRELUDE = `const { Toolbelt, ErrorCodes, SecretError, LpServices, ConversationContentTypes, SDETypes, ErrorStrategy } = require('lp-faas-toolbelt');
const shown = (e) => ({ name: e.name, message: e.message, code: e.code, statusCode: e.statusCode, error: e.error })`

const site = () =>
  createServer(PATIENT_SERVER, (request, response) => {
    void readAll(request).then((body) => {
      const { headers, method, url = '' } = request
      const status = Number(/^\/status\/(\d+)/.exec(url)?.[1] ?? 200)
      if (url === '/hop') response.setHeader('location', '/hopped')
      const encoding = url === '/packed' && method === 'GET' ? 'GZIP' : 'gzip'
      if (url.endsWith('/packed')) response.setHeader('content-encoding', encoding)
      response.writeHead(url === '/hop' ? 302 : status, { 'content-type': 'application/json' })
      const found = url.includes('/query?') ? { records: [], totalSize: 0, done: true } : {}
      const text = JSON.stringify({ method, url, headers, body, ...found })
      response.end(url.endsWith('/packed') ? gzipSync(text) : text)
    })
  })

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

/** A sandbox in which the test answers for the platform. */
export async function openToolbeltBench(egressPrivate: string[] = []): Promise<ToolbeltBench> {
  const server = site()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const secrets = new Map<string, unknown>()
  const asked: OwnRequest[] = []
  const answers: ToolbeltBench['answers'] = []
  const failures: ToolbeltBench['failures'] = new Map()
  const box = await openTestSandbox({
    config: {
      egressPrivate: [`127.0.0.1:${port}`, ...egressPrivate],
      limits: { outgoingPerSecond: 1_000 },
    },
    ports: {
      readSecret: async (_account, _function, key) => {
        if (!secrets.has(key)) throw new ParleyError('secret_not_found', `No secret ${key}`)
        return { key, value: secrets.get(key) }
      },
      updateSecret: async (_account, _function, key, value) => {
        if (!secrets.has(key)) throw new ParleyError('secret_not_found', `No secret ${key}`)
        if (String(value).length > 10) {
          throw new ParleyError('secret_too_large', 'Too long')
        }
        secrets.set(key, value)
        return { key, value }
      },
      platformCall: async (_account, _function, kind, args) => {
        const refusal = failures.get(kind)
        if (refusal) throw refusal
        if (kind === 'secret.used') return [{ key: 'colour', value: secrets.get('colour') }]
        if (kind === 'csds.domain') {
          if ((args as { service: string }).service === 'nowhere') {
            throw new ParleyError('not_found', 'No such service')
          }
          return { host: 'parley.internal' }
        }
        asked.push(args as OwnRequest)
        const answer = answers.shift() ?? { status: 404 }
        if ('failure' in answer) throw answer.failure
        const { body, headers = {}, status } = answer
        const text = body === undefined ? '' : JSON.stringify(body)
        return { statusCode: status, headers, body: Buffer.from(text).toString('base64') }
      },
    },
  })
  const base = `http://127.0.0.1:${port}`
  return {
    box,
    base,
    secrets,
    asked,
    answers,
    failures,
    reset() {
      asked.length = 0
      answers.length = 0
      failures.clear()
      secrets.clear()
      secrets.set('lp-faas-default-app-key', APP_KEY)
      secrets.set('lp-faas-orchestrator-app-key', APP_KEY)
      secrets.set('colour', 'red')
    },
    async evaluate(statements) {
      const code = `${PRELUDE}
async function lambda(input) {
  const base = input.payload
  try { return await (async () => { ${statements} })() } catch (e) { return { failed: shown(e) } }
}`
      const outcome = await box.run(code, { payload: base, version: { delivers: 'return' } })
      if (!outcome.ok) throw new Error(String(outcome.message))
      return outcome.value
    },
    async [Symbol.asyncDispose]() {
      await box[Symbol.asyncDispose]()
      server.closeAllConnections()
      server.close()
    },
  }
}
