import type { BuilderBot } from '@parley/contract'
import { expect, test } from 'vitest'
import { call, givenSkill, startChat, startWatchedServer } from '#testing'
import { botOf, givenBot, starterStep, textStep } from './builder-bots.fixture.ts'

const PEOPLE = 30
const BOTS = 8

test('a bot that hands a chat over does not ask the database about each of the people who are away, nor the list of bots about each bot', async () => {
  await using watched = await startWatchedServer()
  const { scene, witness } = watched
  const helpSkillId = await givenSkill(scene)
  for (let n = 0; n < PEOPLE; n++) {
    const person = { loginName: `person-${n}`, password: 'a long enough password' }
    await call(scene, 'POST', 'users', { ...person, skillIds: [helpSkillId] })
  }
  const escalation = {
    skillId: helpSkillId,
    messageToCustomer: '',
    messageToAgent: '',
    transferFailureMessage: 'Nobody is there',
  }
  const tileData = [{ text: 'One moment' }]
  const content = { results: { tile: { tileData } } }
  const hands = { id: 'e', interactionType: 'ESCALATION', content }
  const { skillId } = await givenBot(scene, botOf([starterStep('human', 'e'), hands]), {
    escalation,
  })
  witness.take()
  const chat = await startChat(scene, { skillId, text: 'human' })
  await chat.hears('One moment', 'Nobody is there')
  const reads = witness.take().filter(({ text }) => /from "bot_agent"/i.test(text))
  expect(reads.length).toBeLessThan(PEOPLE)

  for (let n = 1; n < BOTS; n++) {
    await call(scene, 'POST', 'bots', botOf([textStep('a', 'Hello')]))
  }
  witness.take()
  const { bots } = await call<{ bots: BuilderBot[] }>(scene, 'GET', 'bots')
  expect(bots).toHaveLength(BOTS)
  const ofBots = witness.take().filter(({ text }) => /builder_bot|state->'agent'/i.test(text))
  expect(ofBots.length).toBeLessThan(BOTS)
})
