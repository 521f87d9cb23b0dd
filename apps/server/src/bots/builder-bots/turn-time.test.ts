import type { BotImport } from '@parley/contract'
import { expect, test } from 'vitest'
import { anotherScene, call, lambdasOf, startHttpSite, startTestServer } from '#testing'
import { botOf, ruleTo, starterStep, textStep } from './builder-bots.fixture.ts'

test('a bot that asks a slow function again and again does so for two minutes, not in each of its 50 steps', async () => {
  let asked = 0
  await using site = await startHttpSite((_request, answer) => {
    asked += 1
    server.leap(25_000)
    answer.end()
  })
  await using server = await startTestServer({ env: { PARLEY_EGRESS_PRIVATE: site.host } })
  const scene = await anotherScene(server)
  const lambdaUuid = await lambdasOf(scene).deployed(
    `async function lambda(input, callback) { await fetch('${site.origin}'); callback(new Error('no order')) }`,
  )
  const file = botOf(
    [
      starterStep('order', 'ask'),
      {
        id: 'ask',
        interactionType: 'API_INTEGRATION',
        content: { responderName: 'orders' },
        responseMatches: [
          ruleTo('good', { matchType: 'API_RESULT', apiResultsMatch: { status: 'SUCCESS' } }),
          ruleTo('ask'),
        ],
      },
      textStep('good', 'Here it is'),
    ],
    { responder: [{ id: 'r', name: 'orders', integrationType: 'FAAS', lambdaUuid }] },
  )
  const { botId } = await call<BotImport>(scene, 'POST', 'bots', file)

  const { notes } = await call<{ notes: { what: string }[] }>(scene, 'POST', `bots/${botId}/talk`, {
    message: 'order',
  })

  const told = notes.map(({ what }) => what)
  // Time that passes by itself takes the last call short.
  const late = 'FAILED: orders: Lambda Execution is taking too long'
  expect([...new Set(told)].filter((what) => what !== late)).toEqual([
    'FAILED: orders: no order',
    'FAILED: orders: the turn has used up its 120 s',
    'Stopped after 50 interactions without a question',
  ])
  expect(asked).toBeLessThanOrEqual(5)
})

const many = <One>(count: number, of: (at: number) => One) =>
  Array.from({ length: count }, (_none, at) => of(at))
const never = { matchType: 'PATTERN', patternMatch: { patterns: ['never'] } }

test.each([
  [
    'keywords that exclude',
    { ...never, patternMatch: { excludeKeywords: many(100_000, (at) => `k${at}`) } },
  ],
  ['patterns', { ...never, patternMatch: { patterns: many(100_000, (at) => `p${at}`) } }],
])('a loop over a rule with 100,000 %s holds nobody up', async (_name, condition) => {
  await using server = await startTestServer()
  const scene = await anotherScene(server)
  const responseMatches = [ruleTo('a', condition), ruleTo('a')]
  const file = botOf([starterStep('go*', 'a'), textStep('a', 'x', { responseMatches })])
  const { botId } = await call<BotImport>(scene, 'POST', 'bots', file)

  const { notes } = await call<{ notes: object[] }>(scene, 'POST', `bots/${botId}/talk`, {
    message: `go ${'on '.repeat(2_600)}`,
  })

  expect(notes).toEqual(
    [
      'The patterns take too long for this message',
      'Stopped after interactions of 3000000 characters in one turn',
    ].map((what) => ({ interaction: 'a', what })),
  )
})
