import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  callOf,
  openTestSandbox,
  type TestSandbox,
} from '../../apps/server/src/faas/sandbox/test-sandbox.fixture.ts'
import { type Fate, type HostileFunction, hostileFunctions, hostileTable } from './suite.ts'

const TIME_LIMIT_MS = 1_500
/** For what ends by itself, however slow the machine is. */
const PATIENT_TIME_LIMIT_MS = 25_000
const suite = hostileFunctions()
/** `namespaces`, `user` or `plain`: to try a weaker confinement than this system allows. */
const confinement = process.env['PARLEY_CONFINEMENT'] as keyof typeof CONFINED | undefined
const CONFINED = { namespaces: /^own namespaces/, user: /^no namespaces/, plain: /not bound/ }
const neighbour = { failures: [] as unknown[], calls: 0 }
let box: TestSandbox
let isOver = false
let neighbourEnded: Promise<void>

/** Another account's function, called all the time: nothing that the others do may touch it. */
async function callNeighbour(): Promise<void> {
  const code = `let n = 0; async function lambda(input) { n += 1; return input.payload * 2 }`
  while (!isOver) {
    neighbour.calls += 1
    const outcome = await box.run(code, {
      payload: neighbour.calls,
      version: { accountId: 'quiet', deploymentId: 'neighbour', delivers: 'return' },
    })
    if (outcome.value !== neighbour.calls * 2) neighbour.failures.push(outcome)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

beforeAll(async () => {
  box = await openTestSandbox({
    config: confinement ? { confinement } : {},
    ports: {
      readSecret: async (accountId, _functionId, key) => {
        if (accountId === 'hostile') throw Object.assign(new Error('None'), { code: 'not_found' })
        return { key, value: 'secret of another account' }
      },
    },
  })
  console.log(`Functions run confined: ${box.sandbox.confinement}`)
  neighbourEnded = callNeighbour()
}, 60_000)
afterAll(() => box[Symbol.asyncDispose]())

/** Delivers as the parser would decide: by callback when one is declared. */
function versionOf({ code, name }: HostileFunction) {
  const delivers =
    /lambda\(input, callback\)|function lambda\(\) \{\n {2}(while|const again|Atomics)/
  return {
    accountId: 'hostile',
    functionId: name,
    deploymentId: name,
    delivers: delivers.test(code) ? ('callback' as const) : ('return' as const),
  }
}

const DEATH = ['runtime-exception']
const FAILURES: Record<Fate, string[]> = {
  refused: [],
  contained: [],
  'refused or dies alone': DEATH,
  'dies alone': DEATH,
  'time limit': ['executiontime-exceeded'],
  'log limit': ['log-limit-reached'],
  fails: ['runtime-exception', 'custom-failure'],
}
const MAY_RETURN = new Set<Fate>(['refused', 'contained', 'refused or dies alone'])

/** What happened: the fate that had to be, or the outcome that shows the difference. */
async function fateOf(hostile: HostileFunction): Promise<unknown> {
  const outcome = await box.run(hostile.code, {
    version: versionOf(hostile),
    call: { timeLimitMs: hostile.must === 'time limit' ? TIME_LIMIT_MS : PATIENT_TIME_LIMIT_MS },
  })
  if (!outcome.ok) {
    return FAILURES[hostile.must].includes(outcome.failure) ? hostile.must : outcome
  }
  const { escaped } = outcome.value as { escaped: unknown[] }
  return MAY_RETURN.has(hostile.must) && escaped.length === 0 ? hostile.must : outcome.value
}

describe.each(suite)('$name, which tries $tries', (hostile) => {
  test(`must end so: ${hostile.must}`, async () => {
    expect(await fateOf(hostile)).toEqual(hostile.must)
  }, 60_000)
})

test('at least 40 hostile functions ran beside a neighbour whose calls all succeeded', async () => {
  isOver = true
  await neighbourEnded
  expect(suite.length).toBeGreaterThanOrEqual(40)
  expect(neighbour.failures).toEqual([])
  expect(neighbour.calls).toBeGreaterThan(suite.length)
})

test.runIf(confinement)('they ran confined as it was asked for', () => {
  expect(box.sandbox.confinement).toMatch(CONFINED[confinement ?? 'namespaces'])
})

test('a call of another version is answered right after', async () => {
  const outcome = await box.sandbox.invoke(callOf('function lambda(i, cb) { cb(null, 1) }', null))
  expect(outcome.ok).toBe(true)
})

test('docs/security.md shows this suite', () => {
  const docs = readFileSync(join(import.meta.dirname, '../../docs/security.md'), 'utf8')
  expect(docs).toContain(hostileTable())
})
