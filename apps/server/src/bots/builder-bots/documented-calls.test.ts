import type { BotImport } from '@parley/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  anotherScene,
  call,
  type HttpSite,
  type Scene,
  startHttpSite,
  startTestServer,
  type TestServer,
} from '#testing'
import {
  ask,
  botOf,
  givenBot,
  givenConsumer,
  ruleTo,
  starterStep,
  textStep,
} from './builder-bots.fixture.ts'

let site: HttpSite
let server: TestServer
let scene: Scene
beforeAll(async () => {
  site = await startHttpSite((request, answer) => {
    answer.statusCode = Number(request.url?.slice(1))
    answer.end('{"notes":[{"title":"First"},{"title":"Second"}],"none":[]}')
  })
  server = await startTestServer({ env: { PARLEY_EGRESS_PRIVATE: site.host } })
  scene = await anotherScene(server)
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await site[Symbol.asyncDispose]()
})

interface Talk {
  outputs: { text: string }[]
  notes: { what: string }[]
}

/** What a bot answers whose code keeps `it`. */
async function answerOf(code: string): Promise<string> {
  const preProcessMessage = `${code}; botContext.setBotVariable("it", it, true, false)`
  const file = botOf([starterStep('go', 'said'), textStep('said', '{it}', { preProcessMessage })])
  const { botId } = await call<BotImport>(scene, 'POST', 'bots', file)
  const { notes, outputs } = await call<Talk>(scene, 'POST', `bots/${botId}/talk`, {
    message: 'go',
  })
  expect(notes).toEqual([])
  return outputs.map(({ text }) => text).join()
}

const HOURS = [
  'REG~8:00~20:00',
  'AFTER~20:00~8:00',
  'TUESDAY|LATE~17:00~08:00',
  'SUNDAY|CLOSED~0:00~23:59',
  '1.05.2026|HOLIDAY~9:00~9:30',
  'TYPO',
]

// In UTC it is Monday, 2026-01-05, 10:00.
test.each([
  ['Europe/Paris', 'REG'],
  ['America/Los_Angeles', 'AFTER'],
  ['Asia/Tokyo', 'REG'],
  ['Pacific/Kiritimati', 'LATE'],
  ['Etc/GMT+12', 'CLOSED'],
  ['Etc/GMT+1', 'HOLIDAY'],
  ['Asia/Kolkata', 'REG'],
])('the type of hours is that of the time zone: in %s it is %s', async (zone, expected) => {
  const spec = JSON.stringify(HOURS)
  expect(await answerOf(`var it = botContext.getHoursType(${spec}, "${zone}")`)).toBe(expected)
})

test('where no hours hold there is no type', async () => {
  expect(await answerOf('var it = String(botContext.getHoursType(["A~1:00~2:00"], "UTC"))')).toBe(
    'null',
  )
})

test.each([200, 404])('code reads how an API has answered, and its fields: %i', async (status) => {
  const preProcessMessage = `botContext.setBotVariable("it", [
    botContext.getApiStatusCode(), botContext.isApiExecutionSuccessful(),
    botContext.getBotVariable("notes.title"), botContext.getBotVariable("notes.title.count"),
    botContext.getBotVariable("notes.none.count")].join(), true, false)`
  const file = botOf(
    [
      starterStep('go', 'look'),
      {
        id: 'look',
        interactionType: 'API_INTEGRATION',
        content: { responderName: 'notes' },
        responseMatches: [ruleTo('said')],
      },
      textStep('said', '{it}', { preProcessMessage }),
    ],
    {
      responder: [
        {
          id: 'r1',
          name: 'notes',
          webhook: `${site.origin}/${status}`,
          customDataFields: [
            { key: 'title', value: '{$.api_notes.notes[i].title}' },
            { key: 'none', value: '{$.api_notes.none[i].title}' },
          ],
        },
      ],
    },
  )
  const { botId } = await call<BotImport>(scene, 'POST', 'bots', file)
  const { outputs } = await call<Talk>(scene, 'POST', `bots/${botId}/talk`, { message: 'go' })

  const text = status === 200 ? '200,true,First,2,0' : '404,false,,,'
  expect(outputs).toEqual([{ kind: 'text', text }])
})

test('code knows its bot, and keeps data in namespaces that it makes and deletes', async () => {
  const code = `botContext.setAllowMaxTextResponse(true);
    botContext.registerContextNamespace("trip", 60);
    var can = botContext.isContextApiEnabled();
    botContext.setContextDataForUser("trip", "to", "Bern");
    botContext.setContextDataForUser("trip", "from", "Rome");
    var had = Object.keys(botContext.getContextDataForUser("trip")).length;
    var emptied = botContext.deleteAllContextDataForUser("trip");
    var left = Object.keys(botContext.getContextDataForUser("trip")).length;
    var ended = botContext.deleteContextNamespace("trip");
    var it = [can, had, emptied, left, ended, botContext.getContextDataForUser("trip"),
      botContext.getChatBotId().length > 0].join()`
  expect(await answerOf(code)).toBe('true,2,true,0,true,,true')
})

test('a deleted namespace of the account is gone, and may be made again', async () => {
  const code = (calls: string) => ({ preProcessMessage: `var b = botContext; ${calls}` })
  const read = `b.setBotVariable("it", String(b.getGlobalContextData("tour", "to")), true, false)`
  const { skillId } = await givenBot(
    scene,
    botOf([
      starterStep('make', 'made'),
      textStep(
        'made',
        'Made',
        code('b.registerContextNamespace("tour"); b.setGlobalContextData("tour", "to", "Bern")'),
      ),
      starterStep('end', 'ended'),
      textStep('ended', 'Ended', code('b.deleteContextNamespace("tour")')),
      starterStep('read', 'shown'),
      textStep('shown', 'To {it}', code(read)),
    ]),
  )
  const { consumer, conversationId } = await givenConsumer(scene, skillId)
  await using _ = consumer
  await ask(consumer, conversationId, 'make', 'Made')
  await ask(consumer, conversationId, 'read', 'To Bern')
  await ask(consumer, conversationId, 'end', 'Ended')
  await ask(consumer, conversationId, 'read', 'To null')
  await ask(consumer, conversationId, 'make', 'Made')
  await ask(consumer, conversationId, 'read', 'To Bern')
})

test('code reads what came beside the last message, and texts have the id of the conversation', async () => {
  const code = `var found = botContext.getMetadata("ExternalId");
    botContext.setBotVariable("it", found && found[0].id, true, false)`
  const { skillId } = await givenBot(
    scene,
    botOf([
      starterStep('go', 'said'),
      textStep('said', '{it} {$conversationId}', { preProcessMessage: code }),
    ]),
  )
  const { consumer, conversationId } = await givenConsumer(scene, skillId)
  await using _ = consumer
  await ask(consumer, conversationId, 'go', ` ${conversationId}`)
  const metadata = [{ type: 'ExternalId', id: '7' }]
  const event = { type: 'ContentEvent', contentType: 'text/plain', message: 'go' }
  await consumer.request('ms.PublishEvent', { dialogId: conversationId, event }, { metadata })
  const text = `7 ${conversationId}`
  await consumer.message(conversationId, (message) => message.text === text)
})
