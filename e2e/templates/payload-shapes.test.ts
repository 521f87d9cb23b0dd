import { EVENTS, MESSAGING_EVENTS } from '@parley/contract/events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as z from 'zod'
import {
  automatic,
  FIRST_INPUTS,
  givenSilentFunctions,
  openAgent,
  openConsumer,
  setOffHours,
} from '../../apps/server/src/bots/controller-bot/scene.fixture.ts'
import {
  eventsOf,
  givenSurvey,
  inSurvey,
} from '../../apps/server/src/bots/survey-bot/survey.fixture.ts'
import {
  call,
  givenFunction,
  givenIssuer,
  startTestServer,
  type TestServer,
} from '../../apps/server/testing/index.ts'
import { MESSAGING_FIELDS, type PublishedField, SURVEY_FIELDS } from './published-fields.fixture.ts'

/** What stands at each path of a payload: the types of its fields. Clients may put anything into their properties. */
const SHAPE_OF = `function shapeOf(value, path = '', found = {}) {
  if (Array.isArray(value)) {
    found[path] = 'array'
    for (const entry of value) if (typeof entry === 'object') shapeOf(entry, path + '[]', found)
  } else if (value === null || typeof value !== 'object') {
    found[path] = value === null ? 'null' : typeof value
  } else if (/[cC]lientProperties$/.test(path)) found[path] = 'object'
  else for (const [name, field] of Object.entries(value)) shapeOf(field, path ? path + '.' + name : name, found)
  return found
}`
type Shape = Record<string, string>
const shapeOf = new Function(`${SHAPE_OF}; return shapeOf`)() as (value: unknown) => Shape

const shapes = {
  messaging: typesOf(MESSAGING_FIELDS),
  survey: typesOf(SURVEY_FIELDS),
}

function typesOf(fields: readonly PublishedField[]): Shape {
  return Object.fromEntries(fields.map(([path, type]) => [path, type]))
}

/** Sections of events that only this server knows are not compared with what is published. */
const OWN_SECTIONS = MESSAGING_EVENTS.flatMap(({ section }) => section?.name ?? []).filter(
  (name) => !MESSAGING_FIELDS.some(([path]) => path.startsWith(`${name}.`)),
)

function isOwn(path: string): boolean {
  return OWN_SECTIONS.some((name) => path === name || path.startsWith(`${name}.`))
}

function published(shape: Shape): Shape {
  return Object.fromEntries(Object.entries(shape).filter(([path]) => !isOwn(path)))
}

const events = EVENTS.flatMap((event) => {
  if (event.source === 'Controller Bot') return [{ ...event, fields: MESSAGING_FIELDS }]
  return event.source === 'Post Survey Bot' ? [{ ...event, fields: SURVEY_FIELDS }] : []
})

test.each(events)(
  'the sample of $name has every published field, and no other',
  ({ samplePayload, fields }) => {
    expect(published(shapeOf(samplePayload.payload))).toEqual(typesOf(fields))
    for (const [path, , example] of fields) {
      if (example !== undefined)
        expect([path, at(samplePayload.payload, path)]).toEqual([path, example])
    }
  },
)

test.each(events)(
  'the type of $name has every published field, and no other',
  ({ payload, fields }) => {
    const paths = fields.map(([path]) => path)
    expect(pathsOf(schemaOf(payload))).toEqual(expect.arrayContaining(paths))
    const opaque = /[cC]lientProperties\.|\.event\./
    const known = pathsOf(schemaOf(payload))
    expect(
      known.filter((path) => !paths.includes(path) && !opaque.test(path) && !isOwn(path)),
    ).toEqual([])
  },
)

function at(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((part, name) => (part as Record<string, unknown>)[name], value)
}

function schemaOf(payload: z.ZodType): JsonSchema {
  return z.toJSONSchema(payload, { io: 'input', unrepresentable: 'any' }) as JsonSchema
}

interface JsonSchema {
  properties?: Record<string, JsonSchema> | undefined
  items?: JsonSchema | undefined
}

/** The paths of a schema's fields; containers that have fields of their own are left out. */
function pathsOf({ properties, items }: JsonSchema, path = ''): string[] {
  if (items) return [path, ...(items.properties ? pathsOf(items, `${path}[]`) : [])]
  const isOpaque = /[cC]lientProperties$/.test(path)
  if (!properties || isOpaque) return [path]
  const own = Object.entries(properties).flatMap(([name, field]) =>
    pathsOf(field, path ? `${path}.${name}` : name),
  )
  // What a participant wrote is a loose object: the schema names its type only.
  return path.endsWith('.event') ? [...own, `${path}.contentType`, `${path}.message`] : own
}

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

test('functions read every published field of messaging events live, and no other', async () => {
  for (const { id } of MESSAGING_EVENTS) {
    const text = `JSON.stringify({ event: '${id}', shape: shapeOf(input.payload) })`
    await givenFunction(
      server,
      id,
      `${SHAPE_OF}; callback(null, { type: 'systemMessage', text: ${text} })`,
    )
  }
  const timing = { time: 90, timeUnits: 'seconds', repeat: 1 }
  await call(server, 'PUT', 'automatic-messages/CONV_AWAITING_IN_QUEUE', { timing })
  await setOffHours(server, false)
  await using agent = await openAgent(server)
  await using consumer = await openConsumer(server, FIRST_INPUTS)
  const conversationId = await consumer.openConversation(FIRST_INPUTS.request)
  await agent.accept(conversationId)
  await consumer.say(conversationId, 'Hello')
  await agent.say(conversationId, 'Good morning')
  await agent.update(conversationId, { field: 'ManualETTR', time: server.clock.now() + 60_000 })
  await agent.update(conversationId, { field: 'Skill', type: 'UPDATE', skill: '1002' })
  const leave = { field: 'ParticipantsChange', type: 'REMOVE', role: 'ASSIGNED_AGENT' }
  await agent.update(conversationId, leave)
  await server.clock.advance(120_000)
  await setOffHours(server, true)
  await consumer.say(conversationId, 'Anybody there?')
  const jwt = await (await givenIssuer(server))('ada')
  await using ada = await openConsumer(server, FIRST_INPUTS, jwt)
  const stepUp = await ada.request('StepUp', { jwt: consumer.jwt })
  expect(stepUp.code).toBe(200)
  await server.clock.advance(0)
  const conversationField = [{ field: 'ConversationStateField', conversationState: 'CLOSE' }]
  await ada.request('cm.UpdateConversationField', { conversationId, conversationField })
  await server.clock.advance(0)

  const read = (await automatic(ada, conversationId)).map((text) => {
    const { event, shape } = JSON.parse(text) as { event: string; shape: Shape }
    return { event, shape: published(shape) }
  })
  expect(new Set(read.map(({ event }) => event))).toEqual(
    new Set(MESSAGING_EVENTS.map(({ id }) => id)),
  )
  for (const { event, shape } of read) {
    expect([event, shape]).toEqual([event, only(shapes.messaging, Object.keys(shape))])
    const sections = new Set(Object.keys(shape).map((path) => path.split('.')[0]))
    for (const section of ['general', 'participantChange', 'routing', 'start', 'ttr']) {
      expect(sections).toContain(section)
    }
  }
  expect(Object.assign({}, ...read.map(({ shape }) => shape))).toEqual(shapes.messaging)
})

test('functions read every published field of survey events live, and no other', async () => {
  const scene = {
    ...(await server.anotherAccount()),
    url: server.url,
    clock: server.clock,
    context: server.context,
    request: server.request,
  }
  for (const id of ['surveybot_messaging_survey_started', 'surveybot_messaging_survey_ended']) {
    const missing = `${JSON.stringify(Object.keys(shapes.survey))}.filter((path) => !shape[path])`
    await givenFunction(
      scene,
      id,
      `${SHAPE_OF}; const shape = shapeOf(input.payload); const missing = ${missing}
       if (missing.length > 0) throw new Error('No ' + missing); callback(null, 'ok')`,
    )
  }
  // What the Controller Bot says at the end must not take the place of the consumer's last message.
  await givenSilentFunctions(scene)
  const csat = { id: 'csat', kind: 'CSAT', text: 'How satisfied are you?' }
  const { skillId } = await givenSurvey(scene, { questions: [csat] })
  await using agent = await openAgent(scene)
  await call(scene, 'PATCH', `users/${agent.userId}`, { skillIds: [skillId] })
  await using consumer = await openConsumer(scene, FIRST_INPUTS)
  const { conversationContext, campaignInfo } = FIRST_INPUTS.request
  const conversationId = await consumer.openConversation({
    skillId,
    campaignInfo,
    conversationContext: { ...conversationContext, interactionContextId: '5' },
  })
  await agent.accept(conversationId)
  await consumer.say(conversationId, 'Bye')
  const dialog = { dialogId: conversationId, state: 'CLOSE' }
  await agent.update(conversationId, { field: 'DialogChange', type: 'UPDATE', dialog })
  const survey = await inSurvey(scene, consumer, conversationId)
  await survey.answer('5')

  await expect.poll(() => eventsOf(scene, conversationId)).toHaveLength(2)
  for (const { outcome, payload } of await eventsOf(scene, conversationId)) {
    expect(shapeOf(payload)).toEqual(shapes.survey)
    expect(outcome).toBe('SUCCEEDED')
  }
})

function only(shape: Shape, paths: readonly string[]): Shape {
  return Object.fromEntries(paths.map((path) => [path, shape[path] ?? `${path} is not published`]))
}
