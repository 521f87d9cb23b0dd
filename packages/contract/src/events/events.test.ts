import { expect, test } from 'vitest'
import {
  CBOT_EVENT_TYPES,
  eventIdOf,
  EVENTS,
  findEvent,
  MESSAGING_EVENTS,
  NO_EVENT,
  numeric,
  TYPE_DEFINITIONS,
} from './index.ts'
import { MAX_MESSAGE_CHARACTERS } from '../text.ts'

const messaging = EVENTS.filter(({ source }) => source === 'Controller Bot')
const templates = [...EVENTS.flatMap((event) => event.templates), ...NO_EVENT.templates]

/** The events that are published, with how many functions each may have. */
const PUBLISHED_LIMITS = {
  denver_post_survey_email_transcript: 10,
  conversational_command: 30,
  controllerbot_messaging_new_conversation: 1,
  controllerbot_messaging_ttr: 1,
  controllerbot_messaging_participants_change: 1,
  controllerbot_messaging_conversation_idle: 1,
  controllerbot_messaging_conversation_routing: 1,
  controllerbot_messaging_mid_conversation_msg: 1,
  controllerbot_messaging_conversation_end: 1,
  controllerbot_messaging_consumer_step_up: 1,
  surveybot_messaging_survey_started: 1,
  surveybot_messaging_survey_ended: 1,
  bot_connectors_custom_integration: 15,
  bot_connectors_pre_hook: 15,
  bot_connectors_post_hook: 15,
  bot_connectors_error_hook: 15,
}

const PUBLISHED_TEMPLATES = [
  'Chat Post Survey E-Mail Transcript',
  'Conversational Command',
  'Messaging New Conversation',
  'Messaging TTR',
  'Messaging Participants Change',
  'Messaging Conversation Idle',
  'Messaging Conversation Routing',
  'Messaging Line in Off-Hours',
  'Messaging Conversation End',
  'Keyword Scanner',
  'Replace Files for Conversation',
  'Messaging Consumer Step Up',
  'Messaging Survey Started',
  'Messaging Survey Ended',
  'Default Template',
  'Greeting Template',
  'HTTP Template',
  'Logging Template',
  'Salesforce Template',
  'Secret Storage Template',
]

test('the published events are there with their limits, and the published templates', () => {
  const limits = Object.fromEntries(EVENTS.map(({ id, limit }) => [id, limit]))
  expect(limits).toMatchObject(PUBLISHED_LIMITS)
  const names = templates.map(({ name }) => name)
  expect(names).toEqual(expect.arrayContaining(PUBLISHED_TEMPLATES))
})

test('every event has its own id, and is found by it', () => {
  const ids = EVENTS.map(({ id }) => id)
  expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([])
  for (const event of EVENTS) expect(findEvent(event.id)).toBe(event)
  expect(findEvent('no_such_event')).toBeUndefined()
})

test('the events of messaging and surveys are those that take skills, and are limited to one function', () => {
  const skilled = EVENTS.filter(({ supportsSkills }) => supportsSkills)
  expect(skilled).toEqual(EVENTS.filter(({ limit }) => limit === 1))
  expect(new Set(skilled.map(({ source }) => source))).toEqual(
    new Set(['Controller Bot', 'Post Survey Bot']),
  )
})

test('every type belongs to one event of the Controller Bot, and every event of it has types', () => {
  const types = MESSAGING_EVENTS.flatMap((event) => Object.keys(event.types))
  expect(types).toEqual(CBOT_EVENT_TYPES)
  expect(types.filter((type, at) => types.indexOf(type) !== at)).toEqual([])
  expect(new Set(CBOT_EVENT_TYPES.map(eventIdOf))).toEqual(new Set(messaging.map(({ id }) => id)))
})

test('every type has an automatic message of its own', () => {
  const texts = CBOT_EVENT_TYPES.flatMap((type) => Object.values(TYPE_DEFINITIONS[type].text))
  expect(texts.filter((text, at) => text === '' || texts.indexOf(text) !== at)).toEqual([])
})

test('every messaging event says in its default template what fits it, and no other event says that', () => {
  const answers = messaging.map(
    ({ skeleton }) => /type: 'systemMessage', text: '([^']+)'/.exec(skeleton)?.[1],
  )
  expect(answers.filter((answer, at) => !answer || answers.indexOf(answer) !== at)).toEqual([])
})

test('no two events have a section of the same name', () => {
  const names = MESSAGING_EVENTS.flatMap(({ section }) => section?.name ?? [])
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([])
})

test.each(EVENTS.map((event) => [event.name, event] as const))(
  'the sample payload of %s follows its schema',
  (_, event) => {
    expect(event.payload.safeParse(event.samplePayload.payload).error).toBeUndefined()
  },
)

test('the sample of a messaging event has every section, and both spellings', () => {
  for (const { samplePayload } of messaging) {
    expect(samplePayload.payload).toMatchObject({
      general: {
        contexttype: 'SharkContext',
        contextType: 'SharkContext',
        campaignInfo: { engangementId: 2327699912, engagementId: 2327699912 },
        clientIpAdress: '172.26.138.38',
        clientIpAddress: '172.26.138.38',
      },
      end: {},
      idle: { consumserNonResponsive: { time: 30 }, consumerNonResponsive: { time: 30 } },
      mid: {},
      participantChange: {},
      routing: {},
      start: {},
      ttr: {},
    })
  }
})

test('every template compiles, and the one with the name of its event is the default', () => {
  for (const { name, templates: own } of EVENTS) {
    if (own.length > 0) expect(own[0]?.name).toMatch(new RegExp(`^(${name}|Default Template)$`))
  }
  const sources = [...templates.map(({ code }) => code), ...EVENTS.map(({ skeleton }) => skeleton)]
  for (const code of sources) {
    expect(() => new Function('require', 'process', code)).not.toThrow()
    expect(code).toMatch(/function lambda\(input, callback\)/)
  }
})

test.each([
  ['nothing', []],
  ['no text', ['echo']],
  ['another word', ['help']],
])('the template of a command that gets %s says what it takes', (_, words) => {
  const input = { payload: { conversationId: '4711', arguments: words } }

  expect(run('conversational_command', input)).toEqual(new Error('Use: echo <text> | id'))
})

test('the template of a bot answers a message of the greatest length, too', () => {
  const message = 'x'.repeat(MAX_MESSAGE_CHARACTERS)

  expect(run('bot_connectors_custom_integration', { payload: { message } })).toEqual({
    messages: [`You said: ${message}`.slice(0, MAX_MESSAGE_CHARACTERS)],
    context: {},
  })
})

/** What the template of the event answers, or fails with. */
function run(eventId: string, input: object): unknown {
  const code = findEvent(eventId)?.templates[0]?.code
  const lambda = new Function(`${code}; return lambda`)() as (
    input: object,
    callback: (error: unknown, result: unknown) => unknown,
  ) => unknown
  return lambda(input, (error, result) => error ?? result)
}

test.each([
  ['1528463744580', 1528463744580],
  ['37607275.23', 37607275.23],
  ['12345678.10', '12345678.10'],
  ['007', '007'],
  ['9007199254740993', '9007199254740993'],
  ['NaN', 'NaN'],
  ['Infinity', 'Infinity'],
  ['', ''],
  ['abc', 'abc'],
])('%j is sent as %j where a number is documented', (value, sent) => {
  expect(numeric(value)).toBe(sent)
})
