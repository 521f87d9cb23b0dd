import { connect } from 'node:tls'
import { once } from 'node:events'
import { expect } from 'vitest'
import {
  authorizePath,
  call,
  givenApplication,
  openConsumerSocket,
  openTestBrowser,
  type Reply,
  type Scene,
} from '#testing'
import {
  type Door,
  type DoorAttack,
  expectKeptOut,
  expectStatus,
  from,
  MANY,
  times,
} from './door.fixture.ts'

/** As long as a name in a path may be. */
const LONG_ID = 'x'.repeat(2_000)
/** All headers of a request have at most 32 KB. */
const LONG_HEADER = 'x'.repeat(30_000)
/** A name of a host has at most 253 characters. */
export function longHost(number: number, domain: string): string {
  const label = 'x'.repeat(63)
  const name = `${number}.${label}.${label}.${label}.${domain}`
  return `${'y'.repeat(Math.min(60, 252 - name.length))}.${name}`
}

async function newAppToken(door: Door): Promise<string> {
  const { accountId, client } = door.scene
  const body = {
    grant_type: 'client_credentials',
    client_id: client.id,
    client_secret: client.secret,
  }
  const reply = await door.server.request(
    'POST',
    `/sentinel/api/account/${accountId}/app/token?v=1.0`,
    { body },
  )
  return reply.json<{ access_token: string }>().access_token
}

/** What anybody with a token of the account may read. */
const read = ({ server, scene }: Door, bearer: string, path = 'skills') =>
  server.request('GET', `/api/v1/accounts/${scene.accountId}/${path}`, { bearer })

export const useEverNewTokens: DoorAttack = async (door) => {
  for (const _ of times(MANY)) expectStatus(await read(door, await newAppToken(door)), 200, 403)
  return 'full'
}

export const useLongWrongTokens: DoorAttack = async (door) => {
  // What is right stays right, whatever stands after it.
  const padded = `${door.scene.adminBearer}${' '.repeat(LONG_HEADER.length)}`
  expectStatus(await read(door, padded), 200)
  return await expectKeptOut(door, async () => {
    for (const n of times(MANY)) {
      for (const token of [`${LONG_HEADER}${n}`, `eyJ.${LONG_HEADER}${n}`]) {
        expectStatus(await read(door, token), 401)
      }
    }
  })
}

export const nameEveryAccount: DoorAttack = async ({ server, scenes }) => {
  for (const { accountId, adminBearer: bearer } of [...scenes, ...scenes]) {
    expectStatus(
      await server.request('GET', `/api/v1/accounts/${accountId}/settings`, { bearer }),
      200,
    )
  }
  return 'full'
}

/** Requests of strangers that name an account. */
const OPEN_TO_STRANGERS: ((
  door: Door,
  accountId: string,
  headers: Record<string, string>,
) => Promise<Reply>)[] = [
  ({ server }, id, headers) => server.request('POST', `/api/account/${id}/signup`, { headers }),
  ({ server }, id, headers) =>
    server.request('POST', `/api/account/${id}/login?v=1.3`, {
      headers,
      body: { username: 'root', password: 'x' },
    }),
  ({ server }, id, headers) =>
    server.request('GET', `/api/account/${id}/service/baseURI`, { headers }),
  ({ server }, id, headers) =>
    server.request(
      'GET',
      `/sentinel/api/account/${id}/authorize?v=1.0&response_type=code&client_id=x&redirect_uri=x`,
      { headers },
    ),
  ({ server }, id, headers) =>
    server.request('POST', `/api/v1/accounts/${id}/consumer/chats`, {
      headers,
      body: { skillId: '1001', name: 'x', text: 'x' },
    }),
  ({ server }, id, headers) =>
    server.request('GET', `/api/v1/accounts/${id}/skills`, { headers, bearer: 'x' }),
  ({ server }, id, headers) =>
    server.request('POST', `/api/account/${id}/lambdas/x/invoke?v=1`, {
      headers,
      bearer: 'x',
      body: { payload: 1 },
    }),
]

async function nameInvented(door: Door): Promise<void> {
  for (const n of times(MANY)) {
    for (const ask of OPEN_TO_STRANGERS) {
      for (const id of [`${LONG_ID}${n}`, String(90_000_000 + n)]) {
        expect((await ask(door, id, from(500 + n))).status).toBeGreaterThanOrEqual(400)
      }
    }
  }
}

export const nameInventedAccounts: DoorAttack = (door) =>
  expectKeptOut(door, () => nameInvented(door))

/** What is remembered of other accounts changes meanwhile: it is not more than may be. */
export const nameInventedAccountsBesideOthers: DoorAttack = async (door) => {
  await nameInvented(door)
  return 'kept out'
}

const logIn = (
  { server }: Door,
  { accountId }: Scene,
  username: string,
  headers: Record<string, string>,
) =>
  server.request('POST', `/api/account/${accountId}/login?v=1.3`, {
    headers,
    body: { username, password: 'wrong' },
  })

export const noteSomethingElseEveryTime: DoorAttack = async (door) => {
  for (const n of times(MANY))
    expectStatus(
      await logIn(door, door.scene, `${n}`.padEnd(4_096, 'x'), from(1_000 + n)),
      401,
      429,
    )
  return 'full'
}

const refusedIn = async (scene: Scene, address: string) => {
  const { entries } = await call<{
    entries: { address?: string; count?: number }[]
  }>(scene, 'GET', 'audit?action=session.refused&limit=500')
  return entries
    .filter((entry) => entry.address === address)
    .reduce((sum, { count = 1 }) => sum + count, 0)
}

export const repeatOneThingBetweenOthers: DoorAttack = async (door) => {
  const scene = door.scenes[1] ?? door.scene
  const own = from(2_000)
  const rounds = times(4)
  for (const n of rounds) {
    expectStatus(await logIn(door, scene, 'the same name', own), 401)
    for (const other of times(3))
      await logIn(door, scene, `other ${n} ${other}`, from(2_001 + n * 3 + other))
  }
  // Every one is in the audit, in however many entries.
  await expect.poll(() => refusedIn(scene, own['x-forwarded-for'])).toBe(rounds.length)
  return 'full'
}

export const attackAccountsInTurn: DoorAttack = async (door) => {
  for (const n of times(2)) {
    for (const scene of door.scenes) {
      expectStatus(await logIn(door, scene, `guess ${n}`, from(3_000 + n)), 401, 429)
    }
  }
  return 'full'
}

export const askUnderManyNames =
  (nameOf: (number: number) => string): DoorAttack =>
  async ({ server, scene }) => {
    const application = await givenApplication(scene)
    for (const n of times(MANY)) {
      const headers = { ...from(4_000 + n), host: nameOf(n), accept: 'text/html' }
      expectStatus(
        await server.request('GET', authorizePath(scene, application), { headers }),
        200,
        302,
        303,
      )
    }
    const browser = openTestBrowser(scene)
    expect((await browser.open(authorizePath(scene, application))).html).toContain(
      'name="password"',
    )
    return 'full'
  }

export const beginLogInsForEveryApplication: DoorAttack = async ({ server, scene }) => {
  const application = await givenApplication(scene)
  const begin = (clientId: string, headers: Record<string, string>) => {
    const path = authorizePath(scene, { ...application, clientId })
    return server.request('GET', path, { headers })
  }
  for (const n of times(MANY)) {
    expectStatus(await begin(`${n}`.padEnd(1_000, 'c'), from(5_000)), 400, 401)
    expectStatus(await begin(application.clientId, from(5_001 + n)), 200, 302, 303)
  }
  return 'full'
}

export const beginLogInsFromANetwork: DoorAttack = async ({ server, scene }) => {
  const application = await givenApplication(scene)
  for (const n of times(MANY)) {
    expectStatus(
      await server.request('GET', authorizePath(scene, application), { headers: from(6_000 + n) }),
      200,
      302,
      303,
    )
  }
  return 'full'
}

export const signUpFromANetwork: DoorAttack = async ({ server, scene }) => {
  for (const n of times(MANY)) {
    expectStatus(
      await server.request('POST', `/api/account/${scene.accountId}/signup`, {
        headers: from(7_000 + n),
      }),
      200,
      201,
    )
  }
  return 'full'
}

/** Every case of its letters is another spelling. */
const spellings = (zone: string) =>
  times(MANY).map((n) =>
    zone
      .split('')
      .map((letter, at) => ((n >> (at % 6)) & 1 ? letter.toUpperCase() : letter.toLowerCase()))
      .join(''),
  )

export const saveCalendarsOfManyTimeZones: DoorAttack = async ({ server, scene }) => {
  const path = `/api/v1/accounts/${scene.accountId}`
  const bearer = scene.adminBearer
  const zones = ['Europe/Berlin', 'America/Argentina/ComodRivadavia'].flatMap(spellings)
  for (const timeZone of zones) {
    const body = { timeZone, week: { monday: [{ from: '08:00', to: '17:00' }] } }
    expectStatus(await server.request('PUT', `${path}/calendars/1001`, { bearer, body }), 200)
    expectStatus(await server.request('GET', `${path}/shift-status?skillId=1001`, { bearer }), 200)
  }
  return 'full'
}

export const saveCalendarsOfNoTimeZone: DoorAttack = (door) =>
  expectKeptOut(door, async () => {
    const { server, scene } = door
    const path = `/api/v1/accounts/${scene.accountId}/calendars/1001`
    for (const n of times(MANY)) {
      for (const timeZone of [`Europe/${'x'.repeat(60_000)}${n}`, `Nowhere/${n}`]) {
        const body = { timeZone, week: {} }
        expectStatus(
          await server.request('PUT', path, { bearer: scene.adminBearer, body }),
          400,
          413,
        )
      }
    }
  })

/** The name on the certificate. */
async function shakeHands({ server }: Door, servername: string): Promise<string | undefined> {
  const socket = connect({
    host: '127.0.0.1',
    port: server.context.ports.tls,
    servername,
    rejectUnauthorized: false,
  })
  await once(socket, 'secureConnect')
  const { subjectaltname } = socket.getPeerCertificate()
  socket.destroy()
  return subjectaltname
}

export const askForCertificatesOf =
  (nameOf: (number: number) => string): DoorAttack =>
  async (door) => {
    for (const n of times(MANY)) expect(await shakeHands(door, nameOf(n))).toBe(`DNS:${nameOf(n)}`)
    return 'full'
  }

export const signUpSendAndGo: DoorAttack = async ({ scene }) => {
  for (const _ of times(MANY)) {
    await using consumer = await openConsumerSocket(scene)
    await Promise.all(
      times(5).map(() => consumer.request('cqm.SubscribeExConversations', { convState: ['OPEN'] })),
    )
  }
  return 'full'
}
