import { request } from 'node:http'
import type { AuditEntry } from '@parley/contract'
import { expect, test } from 'vitest'
import { type ConsumerSocket, openAgentSocket, openConsumerSocket, startTestServer } from '#testing'

/** An upload that has begun; `finish` sends the rest and resolves with the status. */
function beginUpload(url: string, first: string, rest: string) {
  const answered = Promise.withResolvers<number | undefined>()
  const reached = Promise.withResolvers<void>()
  const length = Buffer.byteLength(first + rest)
  const headers = { 'content-length': length, expect: '100-continue' }
  const put = request(url, { method: 'PUT', headers })
  put.on('continue', reached.resolve)
  put.on('error', answered.reject)
  put.on('response', (response) => {
    response.resume()
    answered.resolve(response.statusCode)
  })
  put.write(first)
  return {
    reached: reached.promise,
    async finish() {
      put.end(rest)
      return answered.promise
    },
  }
}

test('a sign-in to the file store without the account says how the user is named', async () => {
  await using server = await startTestServer()
  const { user, password } = server.admin
  const signIn = (headers: Record<string, string>) =>
    server.request('GET', '/auth/v1.0', { headers })

  const alone = await signIn({ 'x-auth-user': user, 'x-auth-key': password })
  expect(alone.status).toBe(401)
  expect(alone.text).toContain('X-Auth-User: must be <account>:<login name>')
  expect((await signIn({ 'x-auth-user': user })).text).toContain('are missing')
  const whole = { 'x-auth-user': `${server.accountId}:${user}`, 'x-auth-key': password }
  expect((await signIn(whole)).headers['x-auth-token']).toBeTypeOf('string')
})

test('who replaces a file that was sent is in the audit, with the address, and so is who may not', async () => {
  await using server = await startTestServer()
  const { accountId, admin, adminBearer: bearer } = server
  await using consumer = await openConsumerSocket(server)
  const { body: grant } = await consumer.request('ms.GenerateURLForUploadFile', {
    fileSize: 4,
    fileType: 'txt',
  })
  const query = new URLSearchParams(grant.queryParams).toString()
  await server.request('PUT', `${grant.relativePath}?${query}`, { body: Buffer.from('abcd') })
  const agent = { user: 'plain', password: 'a long pass phrase' }
  await server.request('POST', `/api/v1/accounts/${accountId}/users`, {
    bearer,
    body: { loginName: agent.user, password: agent.password },
  })
  const replace = async ({ user, password }: typeof agent) => {
    const signIn = { 'x-auth-user': `${accountId}:${user}`, 'x-auth-key': password }
    const { headers } = await server.request('GET', '/auth/v1.0', { headers: signIn })
    const token = String(headers['x-auth-token'])
    const { status } = await server.request('PUT', grant.relativePath, {
      headers: { 'x-auth-token': token, 'content-type': 'text/plain' },
      body: Buffer.from('other'),
    })
    return status
  }

  expect([await replace(admin), await replace(agent)]).toEqual([201, 403])

  const noted = async (action: string) => {
    const path = `/api/v1/accounts/${accountId}/audit?action=${action}`
    return (await server.request('GET', path, { bearer })).json<{ entries: AuditEntry[] }>().entries
  }
  const address = '127.0.0.1'
  expect(await noted('file.replaced')).toMatchObject([
    { actor: admin.user, object: `file:${grant.relativePath}`, address },
  ])
  expect(await noted('request.refused')).toMatchObject([
    { actor: agent.user, object: 'PUT AUTH_async-images', address },
  ])
})

test('files fill the space of an account when they are uploaded, not when they are granted', async () => {
  await using server = await startTestServer()
  await server.request('PATCH', `/api/v1/accounts/${server.accountId}/settings`, {
    bearer: server.adminBearer,
    body: { messaging: { storedFileBytes: 10 } },
  })
  await using greedy = await openConsumerSocket(server)
  await using modest = await openConsumerSocket(server)
  const grant = (consumer: typeof modest) =>
    consumer.request('ms.GenerateURLForUploadFile', { fileSize: 4, fileType: 'txt' })
  const upload = async ({
    body: { relativePath, queryParams },
  }: Awaited<ReturnType<typeof grant>>) =>
    server.request('PUT', `${relativePath}?${new URLSearchParams(queryParams).toString()}`, {
      body: Buffer.from('abcd'),
    })

  const grants = [await grant(greedy), await grant(greedy), await grant(greedy)]
  const granted = await grant(modest)

  expect((await upload(granted)).status).toBe(201)
  expect((await upload(grants[0]!)).status).toBe(201)
  expect((await upload(grants[1]!)).status).toBe(409)
  expect((await grant(modest)).code).toBe(409)
})

test('consumers send no files where the account has switched that off; agents do', async () => {
  await using server = await startTestServer()
  await server.request('PATCH', `/api/v1/accounts/${server.accountId}/settings`, {
    bearer: server.adminBearer,
    body: { consumerPage: { files: false } },
  })
  await using consumer = await openConsumerSocket(server)
  await using agent = await openAgentSocket(server, server.agents[0]!)
  const file = { fileSize: 4, fileType: 'txt' }

  expect((await consumer.request('ms.GenerateURLForUploadFile', file)).code).toBe(403)
  expect((await agent.request('.ams.ms.GenerateURLForUploadFile', file)).code).toBe(200)
})

/** Where a file of four bytes may be uploaded. */
async function grantedUpload(consumer: ConsumerSocket) {
  const granted = await consumer.request('ms.GenerateURLForUploadFile', {
    fileSize: 4,
    fileType: 'txt',
  })
  const { relativePath, queryParams } = granted.body
  return { relativePath, path: `${relativePath}?${new URLSearchParams(queryParams).toString()}` }
}

test('what was uploaded is not replaced by an upload that had begun before', async () => {
  await using server = await startTestServer()
  await using consumer = await openConsumerSocket(server)
  const { relativePath, path } = await grantedUpload(consumer)
  const slow = beginUpload(`${server.url}${path}`, 'ev', 'il')
  await slow.reached
  expect((await server.request('PUT', path, { body: Buffer.from('good') })).status).toBe(201)

  expect(await slow.finish()).toBe(409)

  const download = await consumer.request('ms.GenerateURLForDownloadFile', { relativePath })
  const query = new URLSearchParams(download.body.queryParams).toString()
  expect((await server.request('GET', `${relativePath}?${query}`)).text).toBe('good')
})

test('an upload that is sent again, as its answer was lost, is answered as before; other bytes are refused', async () => {
  await using server = await startTestServer()
  await using consumer = await openConsumerSocket(server)
  const { path } = await grantedUpload(consumer)
  const upload = async (text: string) =>
    (await server.request('PUT', path, { body: Buffer.from(text) })).status

  const slow = beginUpload(`${server.url}${path}`, 'go', 'od')
  await slow.reached
  expect([await upload('good'), await upload('good'), await slow.finish()]).toEqual([201, 201, 201])
  expect(await upload('evil')).toBe(409)
})

test('a page of another site uploads and downloads files, and reads why one is refused', async () => {
  await using server = await startTestServer()
  await using consumer = await openConsumerSocket(server)
  const { body } = await consumer.request('ms.GenerateURLForUploadFile', {
    fileSize: 4,
    fileType: 'txt',
  })
  const signed = `${body.relativePath}?${new URLSearchParams(body.queryParams).toString()}`
  const ask = async (method: string, path: string, file?: string) => {
    const headers = { origin: 'https://a.example' }
    const reply = await server.request(method, path, { headers, ...(file && { body: file }) })
    return [reply.status, reply.headers['access-control-allow-origin']]
  }

  const preflight = await server.request('OPTIONS', signed)
  expect(preflight).toMatchObject({
    status: 200,
    headers: {
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET, PUT',
      'access-control-allow-headers': 'content-type',
    },
  })
  expect(await ask('PUT', body.relativePath, 'abcd')).toEqual([401, '*'])
  expect(await ask('PUT', signed, 'abcd')).toEqual([201, '*'])
  const { relativePath } = body
  const download = await consumer.request('ms.GenerateURLForDownloadFile', { relativePath })
  const query = new URLSearchParams(download.body.queryParams).toString()
  expect(await ask('GET', `${relativePath}?${query}`)).toEqual([200, '*'])
})
