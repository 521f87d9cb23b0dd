import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer, twoNodeAccount } from '#testing'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ nodes: 2 })
})
afterAll(() => server[Symbol.asyncDispose]())

test('a consumer that signs in keeps its conversation under its new id', async () => {
  const on = await twoNodeAccount(server)
  const { publicKey, privateKey } = await generateKeyPair('RS256')
  const issuer = 'https://id.example.com'
  const key = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'RS256' }
  const trusted = await on.admin('POST', 'issuers', { issuer, keys: [key] })
  expect(trusted.status).toBe(201)

  await using anonymous = await on.newConsumer()
  await using agent = await on.newAgent()
  await agent.goOnline()
  const conversationId = await anonymous.openConversation({ skillId: '1001' })
  await agent.accept(conversationId)
  await anonymous.say(conversationId, 'it is me')

  const external = await new SignJWT({
    given_name: 'Grace',
    lp_sdes: [{ type: 'ctmrinfo', info: { customerId: '7' } }],
  })
    .setProtectedHeader({ alg: 'RS256', kid: 'k1' })
    .setIssuer(issuer)
    .setSubject('grace')
    .setIssuedAt(server.clock.now() / 1000)
    .setExpirationTime(server.clock.now() / 1000 + 3600)
    .sign(privateKey)
  const exchanged = await server.request('POST', `/api/account/${on.accountId}/authenticate`, {
    body: { authCode: external },
  })
  await using known = await on.newConsumer({ jwt: exchanged.json<{ jwt: string }>().jwt })
  const stepped = await known.request('StepUp', { jwt: anonymous.jwt })
  expect(stepped).toMatchObject({ code: 200, body: { conversationId } })

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
    claims: { iss: issuer, lp_sdes: [{ type: 'ctmrinfo', info: { customerId: '7' } }] },
  })
})
