import { call, type Endpoint, login, type Session } from '@parley/client'
import * as contract from '@parley/contract'
import type { LiveParley } from '../live/parley.ts'

/** An administrator, and John Doe who serves chats of CustomerCare. */
export interface Stage {
  admin: Session
  john: Session
  careSkillId: string
  johnId: string
}

export const PASSWORD = 'correct horse battery'

/** Makes the skill, the agent and the survey; with `again`, only logs in. */
export async function setStage(parley: LiveParley, again?: Stage): Promise<Stage> {
  const admin = await login(parley.endpoint, parley.firstRun.admin)
  const john = { user: 'john', password: PASSWORD }
  if (again) return { ...again, admin, john: await login(parley.endpoint, john) }
  const { skillId } = await call(admin, contract.createSkill, { body: { name: 'CustomerCare' } })
  const { userId } = await call(admin, contract.createUser, {
    body: { loginName: 'john', fullName: 'John Doe', password: PASSWORD, skillIds: [skillId] },
  })
  await call(admin, contract.setChatSettings, {
    body: { survey: { questions: [] }, startsPerMinute: 100_000 },
  })
  await call(admin, contract.setTranscriptSettings, { body: { senders: ['@example.com'] } })
  return { admin, john: await login(parley.endpoint, john), careSkillId: skillId, johnId: userId }
}

export interface Chat {
  chatId: string
  /** The consumer's way in. */
  consumer: Endpoint & { bearer: string }
}

export async function startChat({ john, careSkillId }: Stage, name: string): Promise<Chat> {
  const { url, accountId } = john
  const endpoint = { url, accountId }
  const { token, chat } = await call(endpoint, contract.startConsumerChat, {
    body: { skillId: careSkillId, name },
  })
  await call(john, contract.acceptChat, { params: { chatId: chat.chatId } })
  return { chatId: chat.chatId, consumer: { ...endpoint, bearer: token } }
}

export async function endAndRate({ chatId, consumer }: Chat, csatRank: number): Promise<void> {
  await call(consumer, contract.endConsumerChat, { params: { chatId } })
  await call(consumer, contract.submitChatSurvey, { params: { chatId }, body: { csatRank } })
}

export async function deployDecision(stage: Stage, name: string, code: string): Promise<string> {
  const { functionId } = await call(stage.admin, contract.createFunction, {
    body: { name, description: name, eventId: 'denver_post_survey_email_transcript', code },
  })
  await call(stage.admin, contract.deployFunction, { params: { functionId } })
  return functionId
}
