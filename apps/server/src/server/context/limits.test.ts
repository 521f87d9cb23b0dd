import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type AccountSettings, DEFAULT_LIMITS, MAX_PAYLOAD_BYTES } from '@parley/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { MAX_ANSWER_BYTES } from '#faas/egress'
import { defaultLimits } from '#faas/sandbox'
import { type Lambdas, lambdasOf, startTestServer, type TestServer } from '#testing'

const LIMITS_DOCUMENT = join(import.meta.dirname, '../../../../../docs/limits.md')
const sandbox = defaultLimits(1_024, 2)

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

async function newAccount(): Promise<Lambdas> {
  return lambdasOf(server, await server.anotherAccount())
}

test('settings, usage and the published counts say the same figures', async () => {
  const account = await newAccount()
  const figures = async () => {
    const { limits } = (await account.native('GET', '/settings')).json<AccountSettings>()
    const usage = (await account.native('GET', '/usage')).json<Record<string, number>>()
    const wire = (await account.call('GET', '/reports/limitCounts?v=1&userId=1')).json<
      Record<string, number>
    >()
    const perMonth = limits.invocationsPerMonth ?? limits.fairUseInvocationsPerMonth
    expect([usage.functionLimit, usage.deployedLimit, usage.fairUsePerMonth]).toEqual([
      limits.functions,
      limits.deployedFunctions,
      perMonth,
    ])
    expect(wire).toEqual({
      limitTotalLambdas: limits.functions,
      limitDeployedLambdas: limits.deployedFunctions,
      invocationLimitPerMonth: perMonth,
    })
    return [limits.functions, limits.deployedFunctions, perMonth]
  }
  const { functions, deployedFunctions, fairUseInvocationsPerMonth } = DEFAULT_LIMITS
  const defaults = [functions, deployedFunctions, fairUseInvocationsPerMonth]
  expect(await figures()).toEqual(defaults)

  const own = { functions: 3, deployedFunctions: 2, invocationsPerMonth: 77 }
  await account.native('PATCH', '/settings', { limits: own })
  expect(await figures()).toEqual([3, 2, 77])

  const none = { functions: null, deployedFunctions: null, invocationsPerMonth: null }
  await account.native('PATCH', '/settings', { limits: none })
  expect(await figures()).toEqual(defaults)
})

test('what an earlier version has stored is read: null is the default, and what is gone counts for nothing', async () => {
  const account = await newAccount()
  const { accountId } = account.account
  const former = { functions: null, deployedFunctions: null, orchestratorTimeMs: 9_000 }
  const changed = JSON.stringify({ limits: former })
  const row = { accountId, changed, updatedAt: new Date() }
  await server.context.store.db.insertInto('accountSettings').values(row).execute()
  await account.native('PATCH', '/settings', { limits: { logEntries: 4 } })

  const { limits } = (await account.native('GET', '/settings')).json<AccountSettings>()

  expect(limits).toMatchObject({ functions: DEFAULT_LIMITS.functions, logEntries: 4 })
})

test('messages name the figures of the settings', async () => {
  const account = await newAccount()
  const source = 'const lambda = () => 1'
  const code = `${source}\n// ${'x'.repeat(DEFAULT_LIMITS.codeCharacters)}`
  await expect(account.create(code)).rejects.toThrow(grouped(DEFAULT_LIMITS.codeCharacters))
  await account.native('PATCH', '/settings', { limits: { functions: 1, codeCharacters: 40 } })
  await expect(account.create(`${source} // ${'x'.repeat(40)}`)).rejects.toThrow(grouped(40))
  await account.create(source)
  await expect(account.create(source)).rejects.toThrow('may have 1 functions')
})

/** `100000` or `100,000`. */
function grouped(figure: number): RegExp {
  return new RegExp(figure.toLocaleString('en-US').replaceAll(',', ',?'))
}

test('the sandbox has the figures of an account that has set none', () => {
  expect(sandbox).toMatchObject({
    timeMs: DEFAULT_LIMITS.executionTimeMs,
    logEntries: DEFAULT_LIMITS.logEntries,
    logCharacters: DEFAULT_LIMITS.logCharacters,
    outgoingPerSecond: DEFAULT_LIMITS.outboundRequestsPerSecond,
    requestBytes: MAX_PAYLOAD_BYTES,
    resultBytes: MAX_PAYLOAD_BYTES,
    outgoingBytes: MAX_ANSWER_BYTES,
  })
})

/** What the table of limits says, made from where the figures stand. */
const DOCUMENTED: Record<string, string> = {
  'time of a call': seconds(DEFAULT_LIMITS.executionTimeMs),
  'memory of an instance, heap and everything else': `${sandbox.memoryMb} MB`,
  'log of a call': `${DEFAULT_LIMITS.logEntries} entries, ${number(DEFAULT_LIMITS.logCharacters)} characters`,
  'request, result': `${megabytes(MAX_PAYLOAD_BYTES)} each`,
  'calls at once per instance, instances per function': `${sandbox.callsPerInstance}, ${sandbox.instancesPerFunction}; when they compute, one for each processor`,
  'live instances on the machine': `half of its memory, as measured; ${number(sandbox.instances)}`,
  'context store of an account': `${megabytes(DEFAULT_LIMITS.contextStoreBytes)} as stored (\`limits.contextStoreBytes\`), 1,000 namespaces; a node measures it every minute or 4 MB of writes`,
  'outgoing calls of a function, those to this server included': `${DEFAULT_LIMITS.outboundRequestsPerSecond} a second`,
  'answer of a request to this server as a host call': `${megabytes(MAX_ANSWER_BYTES)}, ${seconds(DEFAULT_LIMITS.executionTimeMs)}`,
  'answer of an outgoing call': `${megabytes(MAX_ANSWER_BYTES)}, ${seconds(sandbox.outgoingMs)}`,
}

test.each(Object.entries(DOCUMENTED))('docs/limits.md says the limit: %s', (limit, figure) => {
  const [, table = ''] =
    /## Of functions\n([^]*?)\n## /.exec(readFileSync(LIMITS_DOCUMENT, 'utf8')) ?? []
  const row = table.split('\n').find((line) => line.startsWith(`| ${limit} |`))
  expect(row?.split(' | ')[1]).toBe(figure)
})

function number(value: number): string {
  return value.toLocaleString('en-US')
}

function megabytes(bytes: number): string {
  return `${bytes / 1_048_576} MB`
}

function seconds(ms: number): string {
  return `${ms / 1_000} s`
}
