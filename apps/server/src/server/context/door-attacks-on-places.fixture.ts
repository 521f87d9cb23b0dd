import { request } from 'node:http'
import { expect } from 'vitest'
import {
  call,
  type ConsumerSocket,
  lockTable,
  multiplyMessages,
  openConsumerSocket,
  type Scene,
  waitingFor,
} from '#testing'
import { openedBy } from './door-attacks-on-messaging.fixture.ts'
import { type Door, type DoorAttack, expectStatus, from, MANY, times } from './door.fixture.ts'

const TRY_AGAIN_LATER = 1013
/** Connections to the database for what is not a commit. */
const POOL = 10

/** Messages of a dialog, so that to read them takes a while. */
const HISTORY = 5_000

/** What happens in a conversation while a client waits for its messages; `more` after its socket was closed. */
const waitForTheFirstAnswer =
  (more: number): DoorAttack =>
  async ({ server, scene, open }) => {
    const messaging = { requestsPerSecond: 100_000, accountRequestsPerSecond: 1_000_000 }
    await call(scene, 'PATCH', 'settings', { messaging })
    const talker = open.use(await openConsumerSocket(scene))
    const dialogId = await openedBy(talker)
    await talker.say(dialogId, 'The first')
    await multiplyMessages(server, dialogId, HISTORY)
    const waiting = open.use(await openConsumerSocket(scene, { jwt: talker.jwt }))
    let isClosed = false
    const closed = waiting.closed.then((code) => {
      isClosed = true
      return code
    })
    for (let id = 1; !isClosed; id += 1) {
      const body = { dialogId, fromSeq: 0 }
      const type = 'ms.SubscribeMessagingEvents'
      waiting.sendRaw(JSON.stringify({ kind: 'req', id: String(id), type, body }))
      await Promise.all(times(MANY).map((n) => talker.say(dialogId, `text ${n}`)))
    }
    expect(await closed).toBe(TRY_AGAIN_LATER)
    for (const n of times(more)) await talker.say(dialogId, `more ${n}`)
    const last = await talker.say(dialogId, 'The last')
    await using back = await openConsumerSocket(scene, { jwt: talker.jwt })
    await back.request('ms.SubscribeMessagingEvents', { dialogId, fromSeq: last })
    await back.message(dialogId, ({ sequence }) => sequence === last)
    return 'full'
  }
export const muchHappensBeforeTheFirstAnswer: DoorAttack = waitForTheFirstAnswer(0)
export const itGoesOnAfterTheEnd: DoorAttack = waitForTheFirstAnswer(MANY)

const grant = async (consumer: ConsumerSocket, fileSize: number): Promise<string> => {
  const { code, body } = await consumer.request('ms.GenerateURLForUploadFile', {
    fileSize,
    fileType: 'txt',
  })
  if (code !== 200) throw new Error(`Not granted: ${code} ${JSON.stringify(body)}`)
  return `${body.relativePath}?${new URLSearchParams(body.queryParams).toString()}`
}

/** Sends one byte; resolves with the status of a refusal, or 100 when the rest is waited for. */
function beginUpload(scene: Scene, path: string, bytes: number, headers: Record<string, string>) {
  const begun = Promise.withResolvers<number>()
  const upload = request(scene.url + path, {
    method: 'PUT',
    headers: { ...headers, 'content-length': bytes, expect: '100-continue' },
  })
  upload.on('continue', () => begun.resolve(100))
  upload.on('error', () => begun.resolve(0))
  upload.on('response', ({ statusCode = 0 }) => begun.resolve(statusCode))
  upload.write('x')
  return { begun: begun.promise, breakOff: () => upload.destroy() }
}

/** The client has left before anything waits for its bytes. */
async function breakOffBeforeItIsRead(
  { server, scene, look }: Door,
  path: string,
  bytes: number,
): Promise<void> {
  await using files = await lockTable(server, 'file')
  const upload = beginUpload(scene, path, bytes, {})
  await expect.poll(() => waitingFor(server, 'file')).toBeGreaterThan(0)
  upload.breakOff()
  // Each answer is made after the end of that connection was seen.
  for (const _ of times(3)) await look()
  await files.free()
  await expect.poll(async () => (await look()).held).toBe(0)
}

export const breakOffUploads: DoorAttack = async (door) => {
  const { scene } = door
  const bytes = 30_000_000
  const messaging = {
    fileBytes: bytes,
    consumerFileBytes: 1_000_000_000,
    storedFileBytes: 1_000_000_000,
  }
  await call(scene, 'PATCH', 'settings', { messaging })
  await using consumer = await openConsumerSocket(scene)
  for (const _ of times(2)) {
    const uploads = []
    // The last one is too much.
    while ((await door.look()).beyond < 1 || uploads.length < 4) {
      const upload = beginUpload(scene, await grant(consumer, bytes), bytes, from(10_000))
      uploads.push(upload)
      await upload.begun
      if (uploads.length > 20) throw new Error('Nothing is too much')
    }
    for (const { breakOff } of uploads) breakOff()
    await expect.poll(async () => (await door.look()).held).toBe(0)
  }
  await breakOffBeforeItIsRead(door, await grant(consumer, bytes), bytes)
  return 'full'
}

/** Consumers with a conversation each. */
const talkers = async ({ scene, open }: Door, count: number) => {
  const talks = []
  for (const _ of times(count)) {
    const consumer = open.use(await openConsumerSocket(scene))
    talks.push({ consumer, conversationId: await openedBy(consumer) })
  }
  return talks
}

export const leaveWhileMessagesWait: DoorAttack = async (door) => {
  for (const _ of times(2)) {
    const talks = await talkers(door, 12)
    const { beyond } = await door.look()
    await using _locked = await lockTable(door.server, 'message', { for: 'writers' })
    for (const { consumer, conversationId } of talks) {
      const event = { type: 'ContentEvent', contentType: 'text/plain', message: 'waits' }
      const body = { dialogId: conversationId, event }
      consumer.sendRaw(JSON.stringify({ kind: 'req', id: '1', type: 'ms.PublishEvent', body }))
    }
    // What has not arrived when its client leaves waits for nothing.
    await expect.poll(async () => (await door.look()).beyond).toBeGreaterThan(beyond)
    for (const { consumer } of talks) consumer.destroy()
  }
  await expect.poll(async () => (await door.look()).held).toBe(0)
  return 'full'
}

export const breakOffReads: DoorAttack = async (door) => {
  const { scene, server } = door
  const url = `${scene.url}/api/v1/accounts/${scene.accountId}/secrets`
  const headers = { authorization: `Bearer ${scene.adminBearer}` }
  {
    await using _locked = await lockTable(server, 'secret')
    for (const _ of times(2)) {
      const client = new AbortController()
      const sent = times(POOL * 3).map(() => fetch(url, { headers, signal: client.signal }))
      const refused = await Promise.race(sent)
      expect(refused.status).toBe(503)
      client.abort()
      await Promise.allSettled(sent)
    }
  }
  await expect.poll(async () => (await door.look()).held).toBe(0)
  expectStatus(await server.request('GET', new URL(url).pathname, { headers }), 200)
  return 'full'
}
