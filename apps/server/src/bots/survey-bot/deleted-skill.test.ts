import type { Survey } from '@parley/contract'
import { expect, onTestFinished, test, vi } from 'vitest'
import { call, startTestServer } from '#testing'

test('a skill that is deleted while a survey is given to it has no survey when its id comes again', async () => {
  await using server = await startTestServer()
  const skill = { name: 'A skill', skillId: '7777' }
  await call(server, 'POST', 'skills', skill)
  const { surveyId } = await call<Survey>(server, 'POST', 'surveys', {
    name: 'Asked after sales',
    questions: [{ id: 'why', kind: 'free-text', text: 'Why?' }],
    fallback: 'Please answer',
  })
  const { store } = server.context
  const transaction: (work: never) => Promise<never> = store.transaction.bind(store)
  const [isAsked, mayBegin] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const spy = vi.spyOn(store, 'transaction')
  onTestFinished(() => spy.mockRestore())
  spy.mockImplementationOnce(async (work) => {
    isAsked.resolve()
    await mayBegin.promise
    return await transaction(work as never)
  })

  const path = `/api/v1/accounts/${server.accountId}/surveys/${surveyId}/skills`
  const body = { skillIds: ['1001', '7777'] }
  const assigned = server.request('PUT', path, { bearer: server.adminBearer, body })
  await isAsked.promise
  await call(server, 'DELETE', 'skills/7777')
  mayBegin.resolve()

  expect((await assigned).status).toBe(400)
  await call(server, 'POST', 'skills', skill)
  expect(await call<Survey>(server, 'GET', `surveys/${surveyId}`)).toMatchObject({ skillIds: [] })
})
