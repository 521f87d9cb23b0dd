import { expect } from 'vitest'
import { call, lambdasOf, type Scene } from '#testing'
import {
  type Door,
  type DoorAttack,
  expectKeptOut,
  expectStatus,
  MANY,
  times,
} from './door.fixture.ts'

/** Does what its payload says. */
const CODE = `const { Toolbelt } = require('lp-faas-toolbelt')
const secrets = Toolbelt.SecretClient()
const client = Toolbelt.HTTPClient()
const shown = (error) => error.cause?.message ?? error.message
const own = ({ path, headers }) =>
  client('https://parley.internal' + path, { headers, simple: false, resolveWithFullResponse: true })
    .then((answer) => String(answer.statusCode), shown)
const lambda = async ({ payload: { secret, hosts = [], asks = [], isHasty } }) => {
  if (secret) return (await secrets.readSecret(secret)).value
  const all = [
    ...hosts.map((host) => fetch('http://' + host + '/').then(() => 'reached', shown)),
    ...asks.map(own),
  ]
  return isHasty ? Promise.race(all) : Promise.all(all)
}`
const LONG_SECRET = 's'.repeat(100)
/** With a label of 63 characters before it, as long as a name may be. */
const LONG_DOMAIN = `${'x'.repeat(63)}.${'x'.repeat(63)}.${'x'.repeat(50)}.known.test`
const NO_FUNCTION = '00000000-0000-4000-8000-000000000000'

const deployed = new WeakMap<Door['server'], Promise<string[]>>()

/** More functions of the account than a map holds. They may send many requests, also to names that a test makes up. */
function functionsOf({ server, scene, scenes }: Door): Promise<string[]> {
  const known = deployed.get(server)
  if (known) return known
  const made = (async () => {
    const settings = { limits: { outboundRequestsPerSecond: 100_000 } }
    await call(scene, 'PATCH', 'settings', settings)
    for (const domain of ['*.known.test', '*.silent.test', `*.${LONG_DOMAIN}`]) {
      await call(scene, 'POST', 'allowed-domains', { domain })
    }
    await call(scene, 'POST', 'secrets', { name: LONG_SECRET, value: 'known' })
    return await Promise.all(scenes.map(() => lambdasOf(scene).deployed(CODE)))
  })()
  deployed.set(server, made)
  return made
}

async function run<T>(scene: Scene, functionId: string, payload: unknown): Promise<T> {
  const reply = await lambdasOf(scene).invoke(functionId, payload)
  expectStatus(reply, 200)
  return reply.json<T>()
}

async function oneFunction(door: Door): Promise<(payload: unknown) => Promise<string[]>> {
  const [functionId = ''] = await functionsOf(door)
  return (payload) => run(door.scene, functionId, payload)
}

export const invokeManyFunctions: DoorAttack = async (door) => {
  for (const functionId of await functionsOf(door)) {
    expect(await run(door.scene, functionId, {})).toEqual([])
  }
  return 'full'
}

export const invokeInventedFunctions: DoorAttack = (door) =>
  expectKeptOut(door, async () => {
    const { scene } = door
    for (const n of times(MANY)) {
      for (const id of [`${'f'.repeat(2_000)}${n}`, `${NO_FUNCTION.slice(0, -2)}${10 + n}`]) {
        expectStatus(await lambdasOf(scene).invoke(id, 1), 400, 404)
      }
    }
  })

export const readSecretsInManyFunctions: DoorAttack = async (door) => {
  for (const functionId of await functionsOf(door)) {
    expect(await run(door.scene, functionId, { secret: LONG_SECRET })).toBe('known')
  }
  return 'full'
}

export const readSecretsAroundOne: DoorAttack = async (door) => {
  const [one = '', ...others] = await functionsOf(door)
  for (const functionId of [...others, ...others]) {
    expect(await run(door.scene, one, { secret: LONG_SECRET })).toBe('known')
    expect(await run(door.scene, functionId, { secret: LONG_SECRET })).toBe('known')
  }
  return 'full'
}

export const askInManyAccounts: DoorAttack = async (door) => {
  const [own = ''] = await functionsOf(door)
  for (const scene of door.scenes.slice(1)) {
    const functionId = await lambdasOf(scene).deployed(CODE)
    await call(scene, 'POST', 'secrets', { name: 'one', value: 'of its own' })
    expect(await run(scene, functionId, { secret: 'one' })).toBe('of its own')
    expect(await run(door.scene, own, { secret: LONG_SECRET })).toBe('known')
  }
  return 'full'
}

async function limitInvocations(scenes: readonly Scene[], limits: object): Promise<void> {
  for (const scene of scenes) await call(scene, 'PATCH', 'settings', { limits })
}

const NO_LIMITS = { invocationsPerSecond: null, invocationsPerMonth: null }

/** An account invokes beside others that have not been seen for a while; `burst` at once. */
const invokeBesideOthers =
  (burst: number): DoorAttack =>
  async ({ scene, scenes }) => {
    await limitInvocations(scenes, { invocationsPerSecond: 1 })
    const begunAt = performance.now()
    const statuses: number[] = []
    for (const other of scenes.slice(1)) {
      const own = await Promise.all(times(burst).map(() => lambdasOf(scene).invoke(NO_FUNCTION, 1)))
      statuses.push(...own.map(({ status }) => status))
      expectStatus(await lambdasOf(other).invoke(NO_FUNCTION, 1), 404)
    }
    const admitted = statuses.filter((status) => status !== 429).length
    // One at the beginning, and one in each second since.
    expect(admitted).toBeLessThanOrEqual(2 + (performance.now() - begunAt) / 1_000)
    await limitInvocations(scenes, NO_LIMITS)
    return 'full'
  }

export const invokeAtTheLimit: DoorAttack = invokeBesideOthers(1)
export const invokeInBursts: DoorAttack = invokeBesideOthers(6)

export const countManyAccounts: DoorAttack = async ({ scenes }) => {
  await limitInvocations(scenes, { invocationsPerMonth: 1_000_000 })
  for (const scene of [...scenes, ...scenes]) {
    expectStatus(await lambdasOf(scene).invoke(NO_FUNCTION, 1), 404)
  }
  await limitInvocations(scenes, NO_LIMITS)
  return 'full'
}

export const invokeInInventedAccounts: DoorAttack = (door) =>
  expectKeptOut(door, async () => {
    const { server, scene } = door
    for (const n of times(MANY)) {
      const path = `/api/account/${'a'.repeat(2_000)}${n}/lambdas/${NO_FUNCTION}/invoke?v=1`
      expectStatus(
        await server.request('POST', path, { bearer: scene.appToken, body: {} }),
        401,
        404,
      )
    }
  })

export const callNamesOfAnyLength: DoorAttack = async (door) => {
  const ask = await oneFunction(door)
  const hosts = times(MANY).flatMap((n) => [
    `n${n}.known.test`,
    `${`n${n}`.padEnd(63, 'y')}.${LONG_DOMAIN}`,
  ])
  for (const reason of await ask({ hosts }))
    expect(reason).toContain('is a private or local target')
  return 'full'
}

export const callNamesThatAreTooLong: DoorAttack = async (door) => {
  const [functionId = ''] = await functionsOf(door)
  const ask = (hosts: string[]) => lambdasOf(door.scene).invoke(functionId, { hosts })
  return await expectKeptOut(door, async () => {
    for (const n of times(MANY)) {
      const label = `n${n}`.padEnd(64, 'y')
      expect((await ask([`${label}.known.test`, `${label}.${LONG_DOMAIN}`])).text).not.toContain(
        'reached',
      )
    }
    // No request has a name of so many characters: whoever writes one to the proxy ends.
    expectStatus(await ask([`${'x.'.repeat(2_000)}known.test`]), 901)
  })
}

export const callSilentNamesAgain: DoorAttack = async (door) => {
  const ask = await oneFunction(door)
  for (const round of [1, 2]) {
    const reasons = await ask({ hosts: times(40).map((n) => `r${round}n${n}.silent.test`) })
    expect(reasons).toContain('Too many names are being looked up')
  }
  await expect.poll(async () => (await door.look()).held).toBe(0)
  return 'full'
}

export const askForEventStreams: DoorAttack = async (door) => {
  const ask = await oneFunction(door)
  const { accountId, adminBearer } = door.scene
  const headers = { authorization: `Bearer ${adminBearer}` }
  const stream = { path: `/api/v1/accounts/${accountId}/updates`, headers }
  const said = new Set<string>()
  const askMany = async (): Promise<string[]> => {
    const answers = await ask({ asks: times(40).map(() => stream) })
    for (const answer of answers) said.add(answer.replace(/^Error: /, ''))
    return [...said].toSorted()
  }
  // Each is refused at once, so that forty may be answered one after the other.
  await expect.poll(askMany).toEqual(['429', 'Functions cannot read event streams of the platform'])
  await expect.poll(async () => (await door.look()).held).toBe(0)
  return 'full'
}

export const dropLargeAnswers: DoorAttack = async (door) => {
  const ask = await oneFunction(door)
  const { apiKey } = await call<{ apiKey: string }>(door.scene, 'GET', 'context-store/key')
  const headers = { 'maven-api-key': apiKey }
  const path = `/v1/account/${door.scene.accountId}/custom/large/properties`
  for (const n of times(10)) {
    const body = { [`p${n}`]: 'x'.repeat(900_000) }
    expectStatus(await door.server.request('PATCH', path, { headers, body }), 204)
  }
  // As large as an answer may be, and more than may be read here: the first that is refused ends the call, in the middle of the other.
  for (const _ of times(2))
    await ask({ asks: times(2).map(() => ({ path, headers })), isHasty: true })
  await expect.poll(async () => (await door.look()).held).toBe(0)
  return 'full'
}

export const breakOffChecks: DoorAttack = async (door) => {
  const { accountId, adminBearer: bearer } = door.scene
  const url = `${door.scene.url}/api/v1/accounts/${accountId}/source-checks`
  const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' }
  // As long as a source may be.
  const code = `export const lambda = async () => [${'1,'.repeat(49_900)}]`
  const body = JSON.stringify({ code, language: 'typescript' })
  for (const _ of times(2)) {
    const client = new AbortController()
    const { signal } = client
    const { beyond } = await door.look()
    const sent = times(14).map(() => fetch(url, { method: 'POST', headers, body, signal }))
    await expect.poll(async () => (await door.look()).beyond).toBeGreaterThan(beyond)
    client.abort()
    await Promise.allSettled(sent)
  }
  await expect.poll(async () => (await door.look()).held).toBe(0)
  const served = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ code: CODE }) })
  expect(served.status).toBe(200)
  return 'full'
}
