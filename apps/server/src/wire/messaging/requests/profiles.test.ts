import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  givenIssuer,
  openAgentSocket,
  openConsumerSocket,
  startTestServer,
  TEST_ISSUER,
  type TestServer,
} from '#testing'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

/** An agent reads this of a consumer that has said so of itself. What the issuer says is kept while the socket is in use. */
async function expectProfile(said: object, profile: object, jwt?: string): Promise<void> {
  await using agent = await openAgentSocket(server, server.agents[0]!)
  await agent.goOnline()
  await using consumer = await openConsumerSocket(server, { ...(jwt !== undefined && { jwt }) })
  await consumer.request('userprofile.SetUserProfile', said)
  await agent.accept(await consumer.openConversation())
  const read = () => agent.request('.ams.userprofile.GetUserProfile', consumer.consumerId)
  await expect.poll(async () => (await read()).body).toEqual(profile)
}

test('an agent reads what a consumer says of itself, its mail under the name that agents know', async () => {
  const said = {
    firstName: 'Grace',
    lastName: 'Hopper',
    description: 'Commodore',
    authenticatedData: { lp_sdes: [{ type: 'lead', lead: { topic: 'ships' } }] },
  }
  const privateData = { mobileNum: '+1 555', mail: 'grace@example.com' }
  await expectProfile(
    { ...said, privateData },
    { ...said, privateData: { ...privateData, email: 'grace@example.com' } },
  )
})

test('an agent reads what the issuer says of a consumer: its level of authentication, too', async () => {
  const lp_sdes = [{ type: 'ctmrinfo', info: { customerId: '7' } }]
  const signIn = await givenIssuer(server, {
    given_name: 'Ada',
    family_name: 'Lovelace',
    email: 'ada@example.com',
    phone_number: '+44 555',
    acr: 'loa1',
    lp_sdes,
  })
  const privateData = { mail: 'another@example.com' }
  const profile = {
    firstName: 'Ada',
    lastName: 'Lovelace',
    privateData: { ...privateData, email: 'ada@example.com', mobileNum: '+44 555' },
    claims: { iss: TEST_ISSUER, lp_sdes },
    acr: 'loa1',
  }
  await expectProfile({ privateData }, profile, await signIn('ada'))
})

test('a consumer says of itself no more than a profile holds', async () => {
  await using consumer = await openConsumerSocket(server)
  const say = (said: object) => consumer.request('userprofile.SetUserProfile', said)
  expect((await say({ firstName: 'Grace' })).code).toBe(200)
  const long = 'x'.repeat(30_000)
  for (const said of [
    { firstName: long },
    { lastName: long },
    { privateData: { note: long } },
    { authenticatedData: { lp_sdes: [{ type: 'lead', lead: { topic: long } }] } },
  ]) {
    const refused = await say(said)
    expect(refused).toMatchObject({
      code: 400,
      body: expect.stringMatching(/must have at most|<=/),
    })
  }
  for (const own of [undefined, {}, consumer.consumerId]) {
    const { body } = await consumer.request('userprofile.GetUserProfile', own)
    expect(body).toMatchObject({ firstName: 'Grace' })
  }
  expect(await consumer.request('userprofile.GetUserProfile', 7)).toMatchObject({
    code: 400,
    body: 'body: must be the id of a consumer, or an object with it as userId',
  })
})
