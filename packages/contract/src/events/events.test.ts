import { expect, test } from 'vitest'
import { CBOT_EVENT_TYPES, EVENTS, findEvent, NO_EVENT, numeric } from './index.ts'

const messaging = EVENTS.filter(({ source }) => source === 'Controller Bot')

test('there are sixteen events, each with its own id', () => {
  expect(new Set(EVENTS.map(({ id }) => id)).size).toBe(16)
  expect(findEvent('conversational_command')?.limit).toBe(30)
  expect(findEvent('no_such_event')).toBeUndefined()
})

test('only messaging and survey events are limited to one function and take skills', () => {
  const skilled = EVENTS.filter(({ supportsSkills }) => supportsSkills)
  expect(skilled).toEqual(EVENTS.filter(({ limit }) => limit === 1))
  expect(skilled).toHaveLength(10)
})

test('every one of the 21 kinds of change belongs to an event of the Controller Bot', () => {
  expect(Object.keys(CBOT_EVENT_TYPES)).toHaveLength(21)
  expect(new Set(Object.values(CBOT_EVENT_TYPES))).toEqual(new Set(messaging.map(({ id }) => id)))
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

test('there are the twenty published templates, and each compiles', () => {
  const templates = [...EVENTS.flatMap((event) => event.templates), ...NO_EVENT.templates]
  expect(templates).toHaveLength(20)
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
