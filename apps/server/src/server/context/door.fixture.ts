import { expect } from 'vitest'
import { type BoundUse, listBounds } from '@parley/contract'
import { declaredBounds } from '#base/bounds'
import {
  anotherScene,
  type Scene,
  startNameServer,
  startTestServer,
  type TestServer,
} from '#testing'

const OPERATOR_KEY = 'the-key-of-the-operator-in-tests-2'
/** Entries of a map or a list, so that few are too many. What an entry may be is not made smaller. */
const ENTRIES = 4
/** More than a map or list holds here. */
export const MANY = ENTRIES * 2 + 2
/** Accounts on the server: more than a map holds. */
const ACCOUNTS = ENTRIES + 2

/** Places that are fewer here. The others have their real number. */
const PLACES: Record<string, { limit: number; each?: number }> = {
  'bytes of their answers that are being read, by account': { limit: 50_000_000, each: 8_000_000 },
  'changes that a stream of updates has not sent yet': { limit: ENTRIES },
  'commits that wait for the database': { limit: 8 },
  'queries that wait for a connection to the database': { limit: 12 },
  'requests of functions to this server as host calls, by account': { limit: 40, each: 20 },
}

/** A server with small bounds, and what is known of a bound from outside. */
export interface Door {
  server: TestServer
  scene: Scene
  /** More than a map of accounts holds. */
  scenes: readonly Scene[]
  /** What must stay open until the bound was looked at. */
  open: AsyncDisposableStack
  /** How full the bound is now, as the operator sees it. */
  look(): Promise<BoundUse>
}

/**
 * What an attack leaves to see: the bound was reached, so that something was refused, forgotten or cut; or what was sent did not
 * come so far, or leaves again, which the attack looks at by itself.
 */
type Seen = 'full' | 'kept out'

/** Attacks a bound through a public entry, with the largest that the entry admits. */
export type DoorAttack = (door: Door) => Promise<Seen>

/** Does what must not come as far as the bound: what this holds, and what it has refused or forgotten, stays the same. */
export async function expectKeptOut(
  { look }: Door,
  attempt: () => Promise<unknown>,
): Promise<Seen> {
  const before = await look()
  await attempt()
  expect(await look()).toMatchObject({ held: before.held, beyond: before.beyond })
  return 'kept out'
}

/** Has to be called before a server is started. */
function makeBoundsSmall(): void {
  for (const bound of declaredBounds()) {
    const isCounted = bound.kind === 'map' || bound.kind === 'list'
    Object.assign(bound, isCounted ? { limit: ENTRIES } : PLACES[bound.holds])
  }
}

export async function openDoor() {
  makeBoundsSmall()
  await using opened = new AsyncDisposableStack()
  const names = opened.use(
    await startNameServer((name) => (name.endsWith('.silent.test') ? 'silent' : ['127.0.0.1']), 60),
  )
  const server = opened.use(
    await startTestServer({
      wallClock: 'system',
      env: {
        PARLEY_OPERATOR_KEY: OPERATOR_KEY,
        PARLEY_TRUSTED_PROXIES: '127.0.0.1',
        PARLEY_NAME_SERVERS: names.address,
      },
    }),
  )
  const scene = await anotherScene(server)
  const scenes = [scene]
  while (scenes.length < ACCOUNTS) scenes.push(await anotherScene(server))
  const resources = opened.move()
  return {
    server,
    scene,
    scenes,
    async look(holds: string): Promise<BoundUse> {
      const reply = await server.request('GET', listBounds.path, { bearer: OPERATOR_KEY })
      const { bounds } = listBounds.reply.parse(reply.json())
      const found = bounds.find((bound) => bound.holds === holds)
      if (!found) throw new Error(`The operator does not see "${holds}"`)
      return found
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}

/** A client with an address of its own, as a proxy names it: each is another network. */
export function from(number: number): { 'x-forwarded-for': string } {
  return {
    'x-forwarded-for': `2001:db8:${(number >> 8).toString(16)}:${(number & 255).toString(16)}::1`,
  }
}

export function times(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index)
}

/** Of the statuses that may come, nothing else may. */
export function expectStatus(
  { status, text }: { status: number; text: string },
  ...allowed: number[]
): void {
  if (!allowed.includes(status)) throw new Error(`${status}: ${text.slice(0, 500)}`)
}
