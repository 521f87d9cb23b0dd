import type { BotImport } from '@parley/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { anotherScene, call, startTestServer, type TestServer } from '#testing'
import { botOf, starterStep, textStep } from './builder-bots.fixture.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

interface Talk {
  outputs: object[]
  notes: { what: string }[]
}

const WITH_NAMESPACE = 'botContext.registerContextNamespace("n");'

test.each([
  ['logs the line beside an event', 'botContext.logCustomEvent(line, "Bad")', 'Event Bad: go xx'],
  ['names a variable so', 'botContext.setBotVariable(line, "x", true)', 'name must have 1 to 200'],
  ['names an interaction so', 'botContext.setTriggerNextMessage(line)', 'no interaction "go xx'],
  ['names a namespace so', 'botContext.registerContextNamespace(line)', ''],
  ['reads a namespace of that name', 'botContext.getContextDataForUser(line)', ''],
  ['names a property so', `${WITH_NAMESPACE} botContext.setContextDataForUser("n", line, 1)`, ''],
  ['deletes it', `${WITH_NAMESPACE} botContext.deleteContextDataForUser("n", line)`, ''],
  ['waits for ever', 'botContext.setMessageDelay(-Infinity)', ''],
  [
    'reads 25 namespaces',
    'for (var i = 0; i < 25; i += 1) botContext.getContextDataForUser("n" + i)',
    '',
  ],
  ['cuts an emoji in two', 'botContext.printDebugMessage("ab😀".substring(0, 3))', 'Says: ab'],
  [
    'keeps what is no JSON',
    'var ring = {}; ring.ring = ring; botContext.setBotVariable("ring", ring)',
    'circular',
  ],
])('what code does is done, whatever the line: it %s', async (_name, code, noted) => {
  const scene = await anotherScene(server)
  const preProcessMessage = `botContext.setBotVariable("city", "Bern", true, false);
    var line = botContext.getCurrentUserMessage(); ${code}`
  const file = botOf([
    starterStep('go*', 'told'),
    textStep('told', 'To {$botContext.city}', { preProcessMessage }),
  ])
  const { botId } = await call<BotImport>(scene, 'POST', 'bots', file)

  const { notes, outputs } = await call<Talk>(scene, 'POST', `bots/${botId}/talk`, {
    message: `go ${'x'.repeat(3_000)}`,
  })

  expect(outputs).toEqual([{ kind: 'text', text: 'To Bern' }])
  expect(notes.map(({ what }) => what).join('\n')).toContain(noted)
})
