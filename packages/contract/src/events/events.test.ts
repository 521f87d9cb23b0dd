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

const messaging = EVENTS.filter(({ source }) => source === 'Controller Bot')

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
  const texts = CBOT_EVENT_TYPES.map((type) => TYPE_DEFINITIONS[type].text)
  expect(texts.filter((text, at) => text === '' || texts.indexOf(text) !== at)).toEqual([])
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
  const templates = [...EVENTS.flatMap((event) => event.templates), ...NO_EVENT.templates]
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
