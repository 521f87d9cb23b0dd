import { afterAll, beforeAll, expect, test } from 'vitest'
import { anotherScene, startTestServer, type TestServer } from '#testing'
import { PREFIX } from './connectors.fixture.ts'
import { givenChatBot } from './in-chat.fixture.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

/** Welcomes, then repeats what it is told. */
const ECHOES = `const { event, message } = input.payload
  callback(null, { messages: [event ? 'Welcome' : '<' + message + '>'] })`

test('hooks change what a function gets and what it has answered, in a chat as in messaging', async () => {
  const scene = await anotherScene(server)
  const bot = await givenChatBot(scene, ECHOES, async (fn) => ({
    hooks: {
      pre: await fn(
        `const { message } = input.payload
        callback(null, { ...input.payload, ...(message && { message: message + '!' }) })`,
      ),
      post: await fn(
        `callback(null, { messages: input.payload.messages.map((text) => text + ' (checked)') })`,
      ),
    },
  }))
  const chat = await bot.start()
  await chat.hears('Welcome (checked)')
  await chat.say('one')
  await chat.hears('Welcome (checked)', '<one!> (checked)')
  expect(await bot.errors()).toEqual([])
})

test.each(['pre', 'post'])(
  'a %s hook that fails in a chat is listed, and the customer is told',
  async (name) => {
    const scene = await anotherScene(server)
    const bot = await givenChatBot(scene, ECHOES, async (fn) => ({
      hooks: {
        [name]: await fn(`if (JSON.stringify(input.payload).includes('fail')) throw new Error('no')
      callback(null, input.payload)`),
      },
    }))
    const chat = await bot.start()
    await chat.hears('Welcome')
    await chat.say('fail')
    await expect
      .poll(async () => (await bot.errors()).map((error) => error.name))
      .toContain(`${PREFIX}aivendor.faas.failed-hook`)
    await expect.poll(() => chat.said()).toContain('A human will help you')
  },
)
