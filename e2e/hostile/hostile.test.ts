import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  callOf,
  openTestSandbox,
  type TestSandbox,
} from '../../apps/server/src/faas/sandbox/test-sandbox.fixture.ts'
import { SILENT, type Site, startSite } from './site.ts'
import { type Fate, type HostileFunction, hostileFunctions, hostileTable } from './suite.ts'

const TIME_LIMIT_MS = 1_500
/** For what ends by itself, however slow the machine is. */
const PATIENT_TIME_LIMIT_MS = 280_000
const suite = hostileFunctions()
/** `namespaces`, `user` or `plain`: to try a weaker confinement than this system allows. */
const confinement = process.env['PARLEY_CONFINEMENT'] as keyof typeof CONFINED | undefined
const CONFINED = { namespaces: /^own namespaces/, user: /^no namespaces/, plain: /not bound/ }
/** Functions of another account, called all the time: nothing that the others do may touch them. */
const neighbours = {
  computing: `let n = 0; async function lambda(input) { n += 1; return input.payload.number * 2 }`,
  calling: `async function lambda({ payload: { number, site } }) {
    const answer = await fetch(\`http://\${site}/double?\${number}\`, { headers: { connection: 'close' } })
    return Number(await answer.text())
  }`,
}
const calls = { computing: 0, calling: 0 }
const failures: unknown[] = []
let box: TestSandbox
let site: Site
let isOver = false
let neighboursEnded: Promise<unknown>

async function callNeighbour(name: keyof typeof neighbours): Promise<void> {
  while (!isOver) {
    calls[name] += 1
    const outcome = await box.run(neighbours[name], {
      payload: { number: calls[name], site: site.host },
      version: { accountId: 'quiet', functionId: name, deploymentId: name, delivers: 'return' },
    })
    if (outcome.value !== calls[name] * 2) failures.push(outcome)
    await new Promise((resolve) => setTimeout(resolve, name === 'calling' ? 100 : 20))
  }
}

beforeAll(async () => {
  site = await startSite()
  box = await openTestSandbox({
    config: {
      egressPrivate: [site.host],
      nameServers: [site.nameServer],
      ...(confinement && { confinement }),
    },
    ports: {
      allowed: (_accountId, host) => host.endsWith(SILENT),
      readSecret: async (accountId, _functionId, key) => {
        if (accountId === 'hostile') throw Object.assign(new Error('None'), { code: 'not_found' })
        return { key, value: 'secret of another account' }
      },
    },
  })
  console.log(`Functions run confined: ${box.sandbox.confinement}`)
  neighboursEnded = Promise.all([callNeighbour('computing'), callNeighbour('calling')])
})
afterAll(async () => {
  await box[Symbol.asyncDispose]()
  await site[Symbol.asyncDispose]()
})

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
    payload: { site: site.host },
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
  })
})

test('at least 40 hostile functions ran beside neighbours whose calls all succeeded', async () => {
  isOver = true
  await neighboursEnded
  expect(suite.length).toBeGreaterThanOrEqual(40)
  expect(failures).toEqual([])
  expect(calls.computing).toBeGreaterThan(suite.length)
  expect(calls.calling).toBeGreaterThan(suite.length / 2)
})

test.runIf(confinement)('they ran confined as it was asked for', () => {
  expect(box.sandbox.confinement).toMatch(CONFINED[confinement ?? 'namespaces'])
})

test('a call of another version is answered right after', async () => {
  const outcome = await box.sandbox.invoke(callOf('function lambda(i, cb) { cb(null, 1) }', null))
  expect(outcome.ok).toBe(true)
})

test('docs/attacks.md shows this suite', () => {
  const docs = readFileSync(join(import.meta.dirname, '../../docs/attacks.md'), 'utf8')
  expect(docs).toContain(hostileTable())
})
