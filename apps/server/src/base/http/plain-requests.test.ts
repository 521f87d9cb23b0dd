import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { connect, type Socket } from 'node:net'
import { connect as connectSecurely } from 'node:tls'
import { isDeepStrictEqual } from 'node:util'
import { expect, inject, onTestFinished, test } from 'vitest'
import { dice } from '#testing'
import { matchPath, readBody } from '#base/http'
import { ParleyError, systemMonotonic } from '#base/kernel'
import type { Tls } from '#base/tls'
import { byteStream } from './byte-streams.fixture.ts'
import type { PlainHandler } from './hot.ts'
import { openTestHttp, openTestTls } from './http.fixture.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** How many generated streams of bytes are sent to the lane and to `node:http` alone. */
    streams: number
  }
}

const STREAMS = inject('streams')
const AT_ONCE = 64
const SEED_STEP = 7919
const TRIES = 5
const { afterTurn } = systemMonotonic()
const turn = () => new Promise<void>((resolve) => afterTurn(resolve))

/** What a server has been asked on one connection. */
interface Seen {
  /** The server's end. */
  socket: Socket
  requests: string[]
  running: number
}

/**
 * A server whose answers say what they answer. None comes in the turn of its request, as no function's does: when Node answers within
 * a turn, what follows the request in the same piece decides whether the answer is still sent.
 */
async function openWitness({
  lane = false,
  isWatched = false,
  tls,
}: {
  lane?: boolean
  /** Whether somebody else listens to the connections, too. */
  isWatched?: boolean
  tls?: Tls['options'] | undefined
}) {
  const connections = new Map<number, Seen>()
  /** What comes late, from a connection that has ended, is not kept for the next one from its port. */
  const seenOn = (socket: Socket): Seen =>
    connections.get(socket.remotePort ?? 0) ?? { socket, requests: [], running: 0 }
  let answered = 0
  let byLane = 0
  const server = await openTestHttp(
    (http) => {
      http.app.addHook('onRequest', async ({ socket }) => {
        const seen = seenOn(socket)
        seen.running += 1
        await turn()
        seen.running -= 1
      })
      const answer: PlainHandler = async ({ request, params, query, requestId }) => {
        const { method, url, headers, socket } = request
        const seen = seenOn(socket)
        const body = await readBody(request, 131_072)
        seen.running += 1
        try {
          await turn()
          if (params['id'] === 'throws') throw new ParleyError('rate_limited', 'Too many')
          const what = JSON.stringify([
            method,
            url,
            params,
            query,
            headers,
            body.toString('latin1'),
          ])
          seen.requests.push(what)
          answered += 1
          if ('body' in request) byLane += 1
          if (params['id'] === 'later') for (let turns = 0; turns < 5; turns += 1) await turn()
          if (params['id'] === 'large') return { status: 200, body: Buffer.alloc(100_000, what) }
          return {
            status: params['id'] === 'fails' ? 901 : 200,
            headers: { 'x-given': String(requestId === headers['x-request-id']) },
            body: Buffer.from(what, 'latin1'),
          }
        } finally {
          seen.running -= 1
        }
      }
      http.plain('POST', matchPath('/call/:id'), answer)
      http.plain('GET', matchPath('/call/:id'), answer)
    },
    { lane, limits: { connections: { limit: 1000, each: 1000 } } },
  )
  const { port } = tls
    ? await server.http.listen({ host: '127.0.0.1', port: 0, tls })
    : { port: server.port }
  const accept = (message: unknown) => {
    const { socket } = message as { socket: Socket }
    if (socket.localPort !== port) return
    connections.set(socket.remotePort ?? 0, { socket, requests: [], running: 0 })
    if (isWatched && !tls) socket.on('data', () => undefined)
  }
  subscribe('net.server.socket', accept)
  return {
    port,
    isEncrypted: tls !== undefined,
    /** Once the connection is accepted. */
    seenFrom: (port: number) => connections.get(port),
    forget: (port: number) => connections.delete(port),
    answered: () => answered,
    byLane: () => byLane,
    async [Symbol.asyncDispose]() {
      unsubscribe('net.server.socket', accept)
      await server[Symbol.asyncDispose]()
    },
  }
}

type Witness = Awaited<ReturnType<typeof openWitness>>

const VARIES = /(?<=\r\nx-request-id: )[\da-f]{8}-[\da-f-]{27}(?=\r\n)|(?<=\r\nDate: )[^\r\n]+/g

async function acceptedBy(server: Witness, port: number): Promise<Seen> {
  for (;;) {
    const seen = server.seenFrom(port)
    if (seen) return seen
    await turn()
  }
}

/** Sends the pieces, each in a turn of its own, and hears all until the connection ends. A patient client waits for the answers first. */
async function exchange(server: Witness, pieces: readonly Buffer[], isPatient: boolean) {
  const to = { port: server.port, host: '127.0.0.1', noDelay: true }
  const socket = server.isEncrypted
    ? connectSecurely({ ...to, servername: 'localhost', rejectUnauthorized: false })
    : connect(to)
  const heard: Buffer[] = []
  const closed = new Promise((resolve) => socket.once('close', resolve))
  socket.on('data', (data: Buffer) => heard.push(data))
  socket.on('error', () => undefined)
  await new Promise((resolve) =>
    socket.once(server.isEncrypted ? 'secureConnect' : 'connect', resolve),
  )
  const { localPort = 0 } = socket
  const seen = await acceptedBy(server, localPort)
  // What TLS makes of the bytes is not counted.
  const isRead = () =>
    server.isEncrypted ||
    socket.destroyed ||
    seen.socket.destroyed ||
    seen.socket.bytesRead >= socket.bytesWritten
  const rest = async () => {
    for (let quiet = 0; quiet < 3; quiet += 1) {
      const before = heard.length
      await turn()
      if (!isRead() || seen.running > 0 || heard.length > before) quiet = 0
    }
  }
  for (const piece of pieces) {
    if (socket.writable) socket.write(piece)
    await (isPatient ? rest() : turn())
  }
  await rest()
  socket.end()
  await closed
  server.forget(localPort)
  const text = Buffer.concat(heard).toString('latin1').replaceAll(VARIES, '…')
  return { text, requests: seen.requests }
}

type Heard = Awaited<ReturnType<typeof exchange>>
type Witnesses = Record<'lane' | 'alone' | 'watched', Witness>

/**
 * Whether a client that does not wait has had no other requests taken, and no other answers, than one that waits. What is not HTTP is
 * answered at once, and then the connection ends: how much came before depends on what Node has read in one piece. Its end takes along
 * what the system still holds of the last answer, when more bytes have come that nobody reads.
 */
function isPartOf(one: Heard, patient: Heard): boolean {
  const answers = answersOf(patient)
  const isRefused = patient.text.includes('HTTP/1.1 400 Bad Request')
  const mine = answersOf(one)
  let at = -1
  return (
    one.requests.every((request, index) => request === patient.requests[index]) &&
    mine.every((answer, index) => {
      const mayBeCut = isRefused && index === mine.length - 1
      const isSame = (whole: string) => (mayBeCut ? whole.startsWith(answer) : whole === answer)
      at = answers.findIndex((whole, place) => place > at && isSame(whole))
      return at >= 0
    })
  )
}

function answersOf({ text }: Heard): string[] {
  return text.split(/(?=HTTP\/1\.1 \d{3} [A-Z])/).filter((one) => one.includes('x-request-id'))
}

/**
 * How a server with the lane differs from `node:http` alone, for a stream of bytes; `undefined` where it does not. Another request in
 * the place of one is a difference at once; one more or less, or another answer, when it comes again: the end of a connection may
 * overtake an answer, in a reference too, of which a million streams have seen one.
 */
async function difference(witnesses: Witnesses, seed: number) {
  for (let tried = 1; ; tried += 1) {
    const found = await differenceNow(witnesses, seed)
    if (!found || tried === TRIES || isContrary(found.one, found.expected)) return found
  }
}

function isContrary(one: Heard, other: Heard): boolean {
  const both = Math.min(one.requests.length, other.requests.length)
  return !isDeepStrictEqual(one.requests.slice(0, both), other.requests.slice(0, both))
}

async function differenceNow({ lane, alone, watched }: Witnesses, seed: number) {
  const { pieces, isPatient } = byteStream(dice(seed))
  const [one, other] = await Promise.all([
    exchange(lane, pieces, isPatient),
    exchange(alone, pieces, isPatient),
  ])
  if (isDeepStrictEqual(one, other)) return undefined
  const expected = await exchange(watched, pieces, isPatient)
  if (isDeepStrictEqual(one, expected)) return undefined
  const mayBeCut = !isPatient || lane.isEncrypted
  if (mayBeCut && isPartOf(one, await exchange(watched, pieces, true))) return undefined
  return { seed, sent: pieces.map((piece) => piece.toString('latin1')), one, expected }
}

async function openWitnesses(tls?: Tls['options']): Promise<Witnesses> {
  const opened = new AsyncDisposableStack()
  onTestFinished(() => opened.disposeAsync())
  return {
    lane: opened.use(await openWitness({ lane: true, tls })),
    alone: opened.use(await openWitness({ tls })),
    // Node reads by a shortcut as long as nobody else listens. Without it, what it answers itself comes after all of a piece, as behind the lane.
    // Behind TLS nobody can listen: there it may be cut.
    watched: opened.use(await openWitness({ isWatched: true, tls })),
  }
}

/** Compares that many streams, and says how many of their requests the lane has answered. */
async function compare(witnesses: Witnesses, streams: number) {
  let next = 0
  const differences: object[] = []
  const work = async () => {
    while (next < streams && differences.length < 3) {
      next += 1
      const found = await difference(witnesses, next * SEED_STEP)
      if (found) differences.push(found)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  expect(differences).toEqual([])
  const { answered, byLane } = witnesses.lane
  expect(byLane()).toBeGreaterThan(answered() / 3)
  expect(byLane()).toBeLessThan(answered())
}

test(
  'the lane and node:http alone get the same requests from any bytes, and give the same answers',
  { timeout: 3_600_000 },
  async () => {
    await compare(await openWitnesses(), STREAMS)
  },
)

test('so they do behind TLS', { timeout: 3_600_000 }, async () => {
  await compare(await openWitnesses(await openTestTls()), Math.ceil(STREAMS / 40))
})
