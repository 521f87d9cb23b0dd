import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type ConsumerSocket,
  givenIssuer,
  lockTable,
  openAgentSocket,
  openConsumerSocket,
  startTestServer,
  TEST_ISSUER,
  type TestServer,
  twoNodeAccount,
  waitingFor,
} from '#testing'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ nodes: 2 })
})
afterAll(() => server[Symbol.asyncDispose]())

/** What the issuer says of consumers. */
const CLAIMS = { given_name: 'Grace', lp_sdes: [{ type: 'ctmrinfo', info: { customerId: '7' } }] }

function issuerOf({ account }: Awaited<ReturnType<typeof twoNodeAccount>>, claims: object = {}) {
  return givenIssuer({ ...account, request: server.request }, { ...CLAIMS, ...claims })
}

test('a consumer that signs in keeps its conversation under its new id', async () => {
  const on = await twoNodeAccount(server)
  const signIn = await issuerOf(on)

  await using anonymous = await on.newConsumer()
  await using agent = await on.newAgent()
  await agent.goOnline()
  const conversationId = await anonymous.openConversation({ skillId: '1001' })
  await agent.accept(conversationId)
  await anonymous.say(conversationId, 'it is me')

  await using known = await on.newConsumer({ jwt: await signIn('grace') })
  const stepped = await known.request('StepUp', { jwt: anonymous.jwt })
  expect(stepped).toMatchObject({ code: 200, body: { conversationId } })
  // The answer may have been lost.
  expect(await known.request('StepUp', { jwt: anonymous.jwt })).toMatchObject({
    body: stepped.body,
  })

  await agent.until(
    () => agent.details(conversationId).participantsPId.CONSUMER[0] === known.consumerId,
    'the new id',
  )
  await known.follow(conversationId)
  await known.message(conversationId, ({ text }) => text === 'it is me')
  await known.say(conversationId, 'signed in')
  await anonymous.message(conversationId, ({ text }) => text === 'signed in')
  const old = await anonymous.request('ms.PublishEvent', {
    dialogId: conversationId,
    event: { type: 'ContentEvent', message: 'still me?' },
  })
  expect(old.code).toBe(403)
  const profile = await agent.request('.ams.userprofile.GetUserProfile', known.consumerId)
  expect(profile.body).toMatchObject({
    firstName: 'Grace',
    claims: { iss: TEST_ISSUER, lp_sdes: CLAIMS.lp_sdes },
  })
})

test('the id of before keeps its conversation in its list, and agents its profile, on every node', async () => {
  const on = await twoNodeAccount(server)
  const signIn = await issuerOf(on)
  await using anonymous = await on.newConsumer()
  await using agent = await openAgentSocket(on.here, on.agents[0]!)
  await agent.goOnline()
  const conversationId = await anonymous.openConversation({ skillId: '1001' })
  await agent.accept(conversationId)
  const profile = () => agent.request('.ams.userprofile.GetUserProfile', anonymous.consumerId)
  expect((await profile()).code).toBe(200)

  await using known = await openConsumerSocket(on.there, { jwt: await signIn('hedy') })
  expect((await known.request('StepUp', { jwt: anonymous.jwt })).code).toBe(200)
  await agent.until(
    () => agent.details(conversationId).participantsPId.CONSUMER[0] === known.consumerId,
    'the new id',
  )
  expect((await profile()).code).toBe(200)
  await using again = await on.newConsumer({ jwt: anonymous.jwt })
  await again.request('cqm.SubscribeExConversations', { convState: ['OPEN', 'CLOSE'] })
  await again.until(() => again.details(conversationId) !== undefined, 'its conversation')
})

test('what the issuer says of a consumer is stored before it is answered anything', async () => {
  const on = await twoNodeAccount(server)
  const signIn = await issuerOf(on)
  await using another = await on.newConsumer()
  const jwt = await signIn('ida')
  let isAnswered = false
  await using lock = await lockTable(server, 'document', { for: 'writers' })
  await using known = await openConsumerSocket(on.here, { jwt })
  const answered = ask(known).then(() => {
    isAnswered = true
  })
  await expect.poll(() => waitingFor(server, 'document')).not.toBe(0)

  await ask(another)
  await ask(another)
  expect(isAnswered).toBe(false)

  await lock.free()
  await answered
})

const ask = (consumer: ConsumerSocket) =>
  consumer.request('cqm.SubscribeExConversations', { convState: ['OPEN', 'CLOSE'] })

test('a claim that is null or of another type takes nothing from the others', async () => {
  const on = await twoNodeAccount(server)
  const signIn = await issuerOf(on, {
    family_name: null,
    email: null,
    phone_number: 4455,
    acr: 1,
  })
  await using agent = await on.newAgent()
  await agent.goOnline()
  await using known = await on.newConsumer({ jwt: await signIn('null') })
  const conversationId = await known.openConversation({ skillId: '1001' })
  await agent.accept(conversationId)

  const profile = await agent.request('.ams.userprofile.GetUserProfile', known.consumerId)
  expect(profile.body).toMatchObject({ firstName: 'Grace', claims: { iss: TEST_ISSUER } })
})

test('a consumer that signs in while its survey runs answers it under its new id', async () => {
  const on = await twoNodeAccount(server)
  const signIn = await issuerOf(on)
  const questions = [{ id: 'csat', kind: 'CSAT', text: 'Satisfied?' }]
  const made = await on.admin('POST', 'surveys', { name: 'Short', questions, fallback: 'What?' })
  const { surveyId } = made.json<{ surveyId: number }>()
  await on.admin('PUT', `surveys/${surveyId}/skills`, { skillIds: ['1001'] })
  const clientProperties = { features: ['MULTI_DIALOG', 'QUICK_REPLIES'] }
  await using anonymous = await on.newConsumer({ clientProperties })
  await using agent = await on.newAgent()
  await agent.goOnline()
  const conversationId = await anonymous.openConversation({ skillId: '1001' })
  await agent.accept(conversationId)
  await anonymous.request('cm.UpdateConversationField', {
    conversationId,
    conversationField: [
      {
        field: 'DialogChange',
        type: 'UPDATE',
        dialog: { dialogId: conversationId, state: 'CLOSE' },
      },
    ],
  })
  await anonymous.until(() => anonymous.details(conversationId)?.dialogs.length === 2, 'the survey')
  const { dialogId } = anonymous.details(conversationId).dialogs[0]

  await using known = await on.newConsumer({ clientProperties, jwt: await signIn('ada') })
  const stepped = await known.request('StepUp', { jwt: anonymous.jwt })
  expect(stepped).toMatchObject({ code: 200, body: { conversationId } })
  await known.follow(dialogId)
  await known.message(dialogId, ({ text }) => text === 'Satisfied?')
  await known.say(dialogId, '4')

  const runs = async () =>
    (await on.admin('GET', `survey-runs?conversationId=${conversationId}`)).json()
  await expect
    .poll(runs)
    .toMatchObject({ runs: [{ outcome: 'completed', answers: [{ score: 4 }] }] })
})
