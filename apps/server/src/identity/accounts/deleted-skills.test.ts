import type { AccountSettings, AutomaticMessageSetting, Survey } from '@parley/contract'
import { expect, test } from 'vitest'
import { anotherScene, call, startTestServer } from '#testing'

const IDLE = 'CONV_AWAITING_IN_QUEUE'

test('what was set for a skill goes with it: a later one with the same id has none of it', async () => {
  await using server = await startTestServer()
  const scene = await anotherScene(server)
  const skill = { name: 'A skill', skillId: '7777' }
  await call(scene, 'POST', 'skills', skill)
  await call(scene, 'PUT', `automatic-messages/${IDLE}?skillId=7777`, { text: 'Of the former one' })
  await call(scene, 'PUT', `automatic-messages/${IDLE}?skillId=1001`, { text: 'Of another one' })
  const { surveyId } = await call<Survey>(scene, 'POST', 'surveys', {
    name: 'Asked after sales',
    questions: [{ id: 'why', kind: 'free-text', text: 'Why?' }],
    fallback: 'Please answer',
  })
  await call(scene, 'PUT', `surveys/${surveyId}/skills`, { skillIds: ['1001', '7777'] })
  const hour = 3_600_000
  await call(scene, 'PATCH', 'settings', {
    messaging: { autoCloseMsBySkill: { '7777': hour, '1001': hour } },
  })

  await call(scene, 'DELETE', 'skills/7777')
  await call(scene, 'POST', 'skills', skill)
  const { settings } = await call<{ settings: AutomaticMessageSetting[] }>(
    scene,
    'GET',
    'automatic-messages',
  )
  expect(settings).toEqual([{ type: IDLE, skillId: '1001', text: 'Of another one' }])
  expect(await call<Survey>(scene, 'GET', `surveys/${surveyId}`)).toMatchObject({
    skillIds: ['1001'],
  })
  const { messaging } = await call<AccountSettings>(scene, 'GET', 'settings')
  expect(messaging.autoCloseMsBySkill).toEqual({ '1001': hour })
})
