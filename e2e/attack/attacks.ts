import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'
import type WebSocket from 'ws'
import { openRawWebSocket } from '../../apps/server/testing/raw-web-socket.ts'
import { ask, consumerPath, openSocketAt, send, signUpAt, type Target } from './target.ts'

/** One wave of an attack. Waves follow one another until the attack ends. */
type Attack = (target: Target) => Promise<void>

const MEGABYTE = 1_000_000
const HOLD_MS = 2000

const times = (count: number) => Array.from({ length: count }, (_, index) => index)

/** Every attack by its name. A new one is a function and a line here. */
export const ATTACKS: Record<string, Attack> = {
  'frames that never end': frames,
  'connections that say nothing': silentConnections,
  'sockets of unknown accounts': unknownAccounts,
  'sign-ups and conversations': signUps,
  'cards that are wrong in depth': wrongCards,
  'answers that are never read': unreadAnswers,
  'bodies that trickle': slowBodies,
  'bodies without credentials': bodiesWithoutCredentials,
  'guesses of passwords': guesses,
  'uploads that never end': slowUploads,
  'names in TLS handshakes': tlsNames,
  'requests that make no sense': nonsense,
}

async function frames(target: Target): Promise<void> {
  const jwt = await signUpAt(target)
  const headers = jwt === undefined ? {} : { authorization: `jwt ${jwt}` }
  const { url, accountId, localAddress } = target
  const sockets = await Promise.all(
    times(30).map((one) =>
      openRawWebSocket(url, consumerPath(accountId), {
        localAddress,
        headers: one % 2 ? headers : {},
      }),
    ),
  )
  for (const socket of sockets) {
    socket.beginFrame(1_048_576)
    socket.send(MEGABYTE)
  }
  await hold(target)
  for (const socket of sockets) socket[Symbol.dispose]()
}

async function silentConnections({ url, localAddress, ...target }: Target): Promise<void> {
  const { hostname, port } = new URL(url)
  const sockets = times(300).map(() => {
    const socket = connect({ host: hostname, port: Number(port), localAddress })
    socket.on('error', () => socket.destroy())
    return socket
  })
  await hold(target)
  for (const socket of sockets) socket.destroy()
}

async function unknownAccounts({ url, localAddress }: Target): Promise<void> {
  for (const _ of times(100)) {
    const account = Math.random().toString(36).slice(2)
    using _socket = await openRawWebSocket(url, consumerPath(account), { localAddress })
  }
}

async function signUps(target: Target): Promise<void> {
  await Promise.all(
    times(20).map(async () => {
      const jwt = await signUpAt(target)
      if (jwt === undefined) return
      const socket = await openSocketAt(target, jwt)
      if (!socket) return
      ask(socket, 'cm.ConsumerRequestConversation', {})
      await sleep(200)
      socket.terminate()
    }),
  )
}

async function wrongCards(target: Target): Promise<void> {
  const socket = await openKnown(target)
  if (!socket) return
  let content: object = { type: 'wrong' }
  for (const _ of times(25)) content = { type: 'vertical', elements: [content, { type: 'text' }] }
  for (const _ of times(50)) {
    const event = { type: 'RichContentEvent', content }
    ask(socket, 'ms.PublishEvent', { dialogId: 'x', event })
  }
  await sleep(500)
  socket.terminate()
}

async function unreadAnswers(target: Target): Promise<void> {
  const socket = await openKnown(target)
  if (!socket) return
  const dialogId = await openConversation(socket)
  const event = { type: 'ContentEvent', contentType: 'text/plain', message: 'x'.repeat(8000) }
  for (const _ of times(60)) ask(socket, 'ms.PublishEvent', { dialogId, event })
  await sleep(1000)
  socket.pause()
  for (const _ of times(90)) ask(socket, 'ms.QueryMessages', { dialogId, fromSeq: 0 })
  await hold(target)
  socket.terminate()
}

async function slowBodies({ url, accountId, localAddress, ...target }: Target): Promise<void> {
  const { hostname, port } = new URL(url)
  const sockets = times(100).map(() => {
    const socket = connect({ host: hostname, port: Number(port), localAddress })
    socket.on('error', () => socket.destroy())
    socket.write(
      `POST /api/account/${accountId}/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n`,
    )
    socket.write('x'.repeat(50_000))
    return socket
  })
  await hold(target)
  for (const socket of sockets) socket.destroy()
}

async function bodiesWithoutCredentials(target: Target): Promise<void> {
  const body = JSON.stringify({ name: 'x'.repeat(MEGABYTE - 100) })
  const headers = { 'content-type': 'application/json' }
  const path = `/api/v1/accounts/${target.accountId}/functions`
  await Promise.all(times(10).map(() => send(target, 'POST', path, { body, headers })))
}

async function guesses(target: Target): Promise<void> {
  const path = `/api/account/${target.accountId}/login?v=1.3`
  const headers = { 'content-type': 'application/json' }
  for (const _ of times(5)) {
    const username = Math.random().toString(36)
    await send(target, 'POST', path, { headers, body: JSON.stringify({ username, password: 'x' }) })
  }
}

async function slowUploads(target: Target): Promise<void> {
  const socket = await openKnown(target)
  if (!socket) return
  const sockets: { destroy(): void }[] = []
  socket.on('message', (data: Buffer) => {
    const { body } = JSON.parse(data.toString()) as { body?: Granted }
    if (!body?.relativePath) return
    const { hostname, port } = new URL(target.url)
    const { localAddress } = target
    const upload = connect({ host: hostname, port: Number(port), localAddress })
    upload.on('error', () => upload.destroy())
    const query = new URLSearchParams(body.queryParams).toString()
    upload.write(
      `PUT ${body.relativePath}?${query} HTTP/1.1\r\nHost: x\r\nContent-Length: 5000000\r\n\r\n`,
    )
    upload.write(Buffer.alloc(4_900_000))
    sockets.push(upload)
  })
  for (const _ of times(25)) {
    ask(socket, 'ms.GenerateURLForUploadFile', { fileSize: 5_000_000, fileType: 'txt' })
  }
  await hold(target)
  for (const upload of sockets) upload.destroy()
  socket.terminate()
}

interface Granted {
  relativePath?: string
  queryParams?: Record<string, string>
}

async function tlsNames({ tlsPort, localAddress }: Target): Promise<void> {
  for (const _ of times(10)) {
    const servername = `${Math.random().toString(36).slice(2)}.liveperson.net`
    const options = { host: '127.0.0.1', port: tlsPort, localAddress, servername }
    const socket = connectTls({ ...options, rejectUnauthorized: false })
    const ended = Promise.withResolvers<void>()
    socket.on('secureConnect', () => socket.destroy())
    socket.on('error', () => socket.destroy())
    socket.on('close', () => ended.resolve())
    await ended.promise
  }
}

async function nonsense(target: Target): Promise<void> {
  const deep = '['.repeat(20_000)
  const headers = { 'content-type': 'application/json' }
  for (const path of ['signup', 'authenticate', 'login', 'nowhere']) {
    const url = `/api/account/${target.accountId}/${path}`
    await send(target, 'POST', url, { body: deep, headers })
    await send(target, 'QUERY', url)
  }
}

async function openKnown(target: Target): Promise<WebSocket | undefined> {
  const jwt = await signUpAt(target)
  return jwt === undefined ? undefined : openSocketAt(target, jwt)
}

/** The id of a new conversation; an invented one when the server opens none. */
async function openConversation(socket: WebSocket): Promise<string> {
  ask(socket, 'cm.ConsumerRequestConversation', {})
  const answer = once(socket, 'message').then(([data]) => {
    const { body } = JSON.parse(String(data)) as { body?: { conversationId?: string } }
    return body?.conversationId
  })
  return (await Promise.race([answer, sleep(5000)])) ?? 'none'
}

/** Keeps what a wave has opened for a while. */
async function hold({ signal }: Pick<Target, 'signal'>): Promise<void> {
  // The end of the attack ends the waiting.
  await sleep(HOLD_MS, undefined, { signal }).catch(() => undefined)
}
