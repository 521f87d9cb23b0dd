import {
  type AccountSettings,
  type AutomaticMessageSetting,
  type FunctionSummary,
  NO_SKILL,
  type Survey,
} from '@parley/contract'
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

test('what was for a deleted skill alone is for nobody, and what was for others too is for those', async () => {
  await using server = await startTestServer()
  const scene = await anotherScene(server)
  await call(scene, 'POST', 'skills', { name: 'A skill', skillId: '7777' })
  const skillLists = [['7777'], ['1001', '7777'], []]
  const mail = {
    targetEmail: 'a@example.com',
    senderName: 'Shop',
    senderEmail: 'b@example.com',
    subject: 'Hello',
  }
  await call(scene, 'PUT', 'canned-answers', {
    answers: skillLists.map((skillIds, at) => ({ name: `a${at}`, text: 'Hi', skillIds })),
  })
  const { rules: _, ...others } = await call<Transcripts>(scene, 'GET', 'transcript-settings')
  const rules = skillLists.map((skillIds, at) => ({
    ruleId: `r${at}`,
    ...(skillIds.length > 0 && { skillIds }),
    mail,
  }))
  await call(scene, 'PUT', 'transcript-settings', { ...others, rules })
  for (const [at, skills] of skillLists.entries()) {
    const code = 'function lambda(input, callback) { callback(null, []) }'
    const eventId = 'controllerbot_messaging_new_conversation'
    const draft = { name: `f${at}`, description: 'For some', eventId, code, skills }
    await call(scene, 'POST', 'functions', draft)
  }

  await call(scene, 'DELETE', 'skills/7777')
  await call(scene, 'POST', 'skills', { name: 'Another skill', skillId: '7777' })
  const { answers } = await call<Canned>(scene, 'GET', 'canned-answers')
  expect(answers).toMatchObject([
    { name: 'a1', skillIds: ['1001'] },
    { name: 'a2', skillIds: [] },
  ])
  const left = await call<Transcripts>(scene, 'GET', 'transcript-settings')
  expect(left.rules.map(({ ruleId, skillIds }) => [ruleId, skillIds])).toEqual([
    ['r1', ['1001']],
    ['r2', undefined],
  ])
  const { functions } = await call<FunctionList>(scene, 'GET', 'functions')
  expect(Object.fromEntries(functions.map(({ name, skills }) => [name, skills]))).toEqual({
    f0: ['deleted-7777'],
    f1: ['1001'],
    f2: [],
  })
  const { functions: found } = await call<FunctionList>(scene, 'GET', 'functions?skillId=7777')
  expect(found.map(({ name }) => name)).toEqual(['f2'])
})

test('settings for a skill that there is not are refused', async () => {
  await using server = await startTestServer()
  const scene = await anotherScene(server)
  const mail = {
    targetEmail: 'a@example.com',
    senderName: 'Shop',
    senderEmail: 'b@example.com',
    subject: 'Hello',
  }
  const { rules: _, ...others } = await call<Transcripts>(scene, 'GET', 'transcript-settings')
  const messaging = (autoCloseMsBySkill: object) => ({ messaging: { autoCloseMsBySkill } })
  const hour = 3_600_000
  const wrong: [method: string, path: string, body: object, at: string][] = [
    ['PATCH', 'settings', messaging({ 4711: hour }), 'messaging.autoCloseMsBySkill.4711'],
    [
      'PUT',
      'transcript-settings',
      { ...others, rules: [{ ruleId: 'r', skillIds: ['1001', '4711'], mail }] },
      'rules.0.skillIds.1',
    ],
    [
      'PUT',
      'canned-answers',
      { answers: [{ name: 'a', text: 'Hi', skillIds: ['4711'] }] },
      'answers.0.skillIds.0',
    ],
  ]
  for (const [method, path, body, at] of wrong) {
    const refused = await scene.request(method, `/api/v1/accounts/${scene.accountId}/${path}`, {
      bearer: scene.adminBearer,
      body,
    })
    expect([refused.status, refused.text]).toEqual([
      400,
      expect.stringContaining(`body.${at}: No skill`),
    ])
  }

  await call(scene, 'PATCH', 'settings', messaging({ 1001: hour, [NO_SKILL]: hour }))
})

interface Canned {
  answers: object[]
}
interface Transcripts {
  rules: { ruleId: string; skillIds?: string[] }[]
}
interface FunctionList {
  functions: FunctionSummary[]
}
