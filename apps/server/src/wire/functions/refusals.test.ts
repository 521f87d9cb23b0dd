import { expect, test } from 'vitest'
import { lambdasOf, startTestServer } from '#testing'

const HELLO = 'function lambda(input, callback) { callback() }'

test('a refusal names members as the published body does', async () => {
  await using server = await startTestServer()
  const account = lambdasOf(server)
  const refused = async (environmentVariables: object[]) => {
    const implementation = { code: HELLO, environmentVariables }
    const body = { name: 'named', description: 'd', implementation }
    const { status, text } = await account.call('POST', '/lambdas?v=1', body)
    expect(status).toBe(400)
    return (JSON.parse(text) as { errorMsg: string }).errorMsg
  }
  const one = { key: 'A', value: '1' }
  const variables = 'implementation.environmentVariables'

  expect(await refused([one, one])).toBe(`${variables}.1.key: "A" appears twice`)
  expect(await refused([{ ...one, key: 'A=B' }])).toBe(
    `${variables}.0.key: must be a name without =`,
  )
  expect(await refused([{ key: 'A' }])).toBe(`${variables}.0.value: is missing`)
  await account.native('PATCH', '/settings', { limits: { environmentVariables: 1 } })
  expect(await refused([one, one])).toBe(`${variables}: must have at most 1 variables`)
})

test.each([
  ['Conversational Command', '; did you mean "conversational_command"?'],
  ['Messaging TTR (Time to Respond)', '; did you mean "controllerbot_messaging_ttr"?'],
  ['controllerbot_messaging_trr', '; did you mean "controllerbot_messaging_ttr"?'],
  ['Something else', ''],
])('a pushed function of "%s" hears which event was meant%s', async (eventId, hint) => {
  await using server = await startTestServer()
  const body = { name: 'named', description: 'd', eventId, implementation: { code: HELLO } }
  const reply = await lambdasOf(server).call('POST', '/lambdas?v=1', body)

  expect([reply.status, reply.json()]).toEqual([
    400,
    {
      errorCode: 'com.liveperson.faas.es.badinput',
      errorMsg: `eventId: there is no event "${eventId}"${hint}`,
    },
  ])
})
