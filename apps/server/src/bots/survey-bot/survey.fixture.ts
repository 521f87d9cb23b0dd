import type { SurveyRun } from '@parley/contract'
import type { SurveyPayload } from '@parley/contract/events'
import {
  type AgentSocket,
  call,
  type ConsumerSocket,
  givenSkill,
  openAgentSocket,
  openConsumerSocket,
  type Scene,
} from '#testing'

export const CLIENT = {
  appId: 'webAsync',
  deviceFamily: 'DESKTOP',
  browser: 'CHROME',
  features: ['AUTO_MESSAGES', 'MULTI_DIALOG', 'QUICK_REPLIES', 'RICH_CONTENT'],
}

/** A skill of its own for every test, with a survey. */
export async function givenSurvey(
  scene: Scene,
  definition: object,
): Promise<{ surveyId: number; skillId: string; appInstallId: string }> {
  const skillId = await givenSkill(scene)
  const { surveyId, appInstallId } = await call<{ surveyId: number; appInstallId: string }>(
    scene,
    'POST',
    'surveys',
    { name: 'A survey', fallback: 'Please choose an answer', ...definition },
  )
  await call(scene, 'PUT', `surveys/${surveyId}/skills`, { skillIds: [skillId] })
  return { surveyId, skillId, appInstallId }
}

/** The payloads of the two events that functions got about a conversation. */
export async function eventsOf(
  { context, accountId }: Scene,
  conversationId: string,
): Promise<{ eventId: string; outcome: string; payload: SurveyPayload }[]> {
  const rows = await context.store.db
    .selectFrom('invocation')
    .selectAll()
    .where('accountId', '=', accountId)
    .where('conversationId', '=', conversationId)
    .where('source', '=', 'Post Survey Bot')
    .orderBy('startedAt')
    .execute()
  return rows
    .map(({ eventId, outcome, inputJson }) => ({
      eventId: eventId ?? '',
      outcome,
      payload: (JSON.parse(inputJson!) as { payload: SurveyPayload }).payload,
    }))
    .toSorted((a, b) => b.eventId.localeCompare(a.eventId))
}

export async function runsOf(scene: Scene, conversationId: string): Promise<SurveyRun[]> {
  const path = `survey-runs?conversationId=${conversationId}`
  const { runs } = await call<{ runs: SurveyRun[] }>(scene, 'GET', path)
  return runs
}

/** A consumer in its survey: MAIN is closed, the survey's dialog is open and subscribed. */
export interface Surveyed {
  consumer: ConsumerSocket
  conversationId: string
  dialogId: string
  /** What the bot has said in the survey so far. */
  bot(): Promise<string[]>
  /** Says something, and waits until the bot has dealt with it. */
  answer(text: string): Promise<void>
  /** Clicks a quick reply of the newest question. */
  click(id: string): Promise<void>
}

export async function closeDialog(
  consumer: ConsumerSocket,
  conversationId: string,
  dialogId = conversationId,
): Promise<void> {
  const dialog = { dialogId, state: 'CLOSE' }
  const answer = await consumer.request('cm.UpdateConversationField', {
    conversationId,
    conversationField: [{ field: 'DialogChange', type: 'UPDATE', dialog }],
  })
  if (answer.code !== 200) throw new Error(`Not closed: ${JSON.stringify(answer)}`)
}

export function surveyDialogOf(consumer: ConsumerSocket, conversationId: string) {
  const dialogs: { dialogType: string; dialogId: string; state: string }[] =
    consumer.details(conversationId)?.dialogs ?? []
  return dialogs.find(({ dialogType }) => dialogType === 'POST_SURVEY')
}

/** Waits until the survey's dialog is open. */
export async function surveyDialogId(
  consumer: ConsumerSocket,
  conversationId: string,
): Promise<string> {
  const find = () => surveyDialogOf(consumer, conversationId)
  await consumer.until(() => find() !== undefined, 'the survey dialog')
  return find()?.dialogId ?? ''
}

/** An agent takes the conversation, and goes: only what somebody has served is followed by a survey. */
export async function serve(scene: Scene, conversationId: string, skillId: string): Promise<void> {
  await using agent = await openAgent(scene)
  await call(scene, 'PATCH', `users/${agent.userId}`, { skillIds: [skillId] })
  await agent.goOnline()
  await agent.accept(conversationId)
}

export async function startSurvey(
  scene: Scene,
  skillId: string,
  options: { client?: object; request?: object; consumer?: ConsumerSocket } = {},
): Promise<Surveyed> {
  const consumer =
    options.consumer ??
    (await openConsumerSocket(scene, { clientProperties: options.client ?? CLIENT }))
  const conversationId = await consumer.openConversation({ skillId, ...options.request })
  await serve(scene, conversationId, skillId)
  await consumer.say(conversationId, 'Hello')
  await closeDialog(consumer, conversationId)
  return await inSurvey(scene, consumer, conversationId)
}

export async function inSurvey(
  scene: Scene,
  consumer: ConsumerSocket,
  conversationId: string,
): Promise<Surveyed> {
  const dialogId = await surveyDialogId(consumer, conversationId)
  await consumer.follow(dialogId)
  await scene.clock.advance(0)

  const records = async () => {
    const answer = await consumer.request('ms.QueryMessages', { dialogId, fromSeq: 0 })
    // oxlint-disable-next-line typescript/no-explicit-any -- tests look into published shapes
    return answer.body as any[]
  }
  const contents = async () =>
    (await records()).filter(
      ({ event, originatorMetadata }) =>
        event.type === 'ContentEvent' && originatorMetadata.role === 'AGENT',
    )
  return {
    consumer,
    conversationId,
    dialogId,
    bot: async () => (await contents()).map(({ event }) => event.message),
    async answer(text) {
      await consumer.say(dialogId, text)
      await scene.clock.advance(0)
    },
    async click(id) {
      const question = (await contents()).at(-1)
      const reply = question.event.quickReplies.replies.find(
        // oxlint-disable-next-line typescript/no-explicit-any -- tests look into published shapes
        ({ click }: any) => click.metadata[0].id === id,
      )
      const { metadata, actions } = reply.click
      const sequenceList = [question.sequence]
      const seen = { type: 'AcceptStatusEvent', status: 'ACTION', sequenceList }
      await consumer.request('ms.PublishEvent', { dialogId, event: seen }, { metadata })
      const event = { type: 'ContentEvent', contentType: 'text/plain', message: actions[0].text }
      await consumer.request('ms.PublishEvent', { dialogId, event }, { metadata })
      await scene.clock.advance(0)
    },
  }
}

export async function openAgent(scene: Scene): Promise<AgentSocket> {
  const [login] = scene.agents
  if (!login) throw new Error('No agent')
  return await openAgentSocket(scene, login)
}
