import { connect, createServer, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, inject, onTestFinished, test } from 'vitest'
import { cloneDatabase } from '#base/postgres'
import { givenFolder, starting } from './start.fixture.ts'

test('a server that is stopped while it starts does not become ready first, and ends with 0', async () => {
  const database = await databaseThatWaits()
  const server = startingOn(database.url)
  await database.asked

  server.child.kill('SIGTERM')
  await server.heard('Stopping')
  database.answer()

  expect(await server.ended).toEqual([0, null])
  expect(server.said()).not.toContain('ready')
  expect(server.said()).not.toContain('Cannot start')
})

test.each(['SIGINT', 'SIGTERM'] as const)(
  'what fails in a start that %s has stopped is no refusal',
  async (signal) => {
    const database = await databaseThatWaits()
    const server = startingOn(database.url)
    const socket = await database.asked

    server.child.kill(signal)
    await server.heard('Stopping')
    socket.destroy()

    expect(await server.ended).toEqual([0, null])
    expect(server.said()).not.toContain('Cannot start')
  },
)

function startingOn(url: string) {
  const data = join(givenFolder(), 'data')
  const ports = { PARLEY_PORT: '0', PARLEY_TLS_PORT: '0' }
  return starting({ ...ports, PARLEY_DATA: data, DATABASE_URL: url })
}

/** A database that takes connections, and says nothing before it is told to answer. */
async function databaseThatWaits() {
  const database = await cloneDatabase(inject('templateUrl'))
  onTestFinished(() => database[Symbol.asyncDispose]())
  const url = new URL(database.url)
  const folder = url.searchParams.get('host')
  const asked = Promise.withResolvers<Socket>()
  const answers = Promise.withResolvers<void>()
  const server = createServer((socket) => {
    asked.resolve(socket)
    socket.on('error', () => undefined)
    void answers.promise.then(() => {
      const real = connect(`${folder}/.s.PGSQL.5432`).on('error', () => socket.destroy())
      socket.pipe(real).pipe(socket)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  url.searchParams.delete('host')
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as AddressInfo).port)
  return { url: url.href, asked: asked.promise, answer: answers.resolve }
}
