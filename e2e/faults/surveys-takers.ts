import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { openTenaciousConsumer, type TenaciousConsumer } from './cluster-consumer.ts'
import type { Cluster } from './cluster-nodes.ts'
import { FROM_SKILL } from './cluster-stage.ts'
import { unlessDone } from './cluster-visits.ts'
import type { Ledger } from './ledger.ts'
import { QUESTIONS } from './surveys-stage.ts'

const THINKING_MS = [500, 4_000] as const
/** Only a conversation that somebody has served is followed by a survey. */
const CONNECTED = 'You are now connected to an agent.'
const FEATURES = ['AUTO_MESSAGES', 'MULTI_DIALOG', 'QUICK_REPLIES', 'RICH_CONTENT']

/** What the cluster has acknowledged to a consumer who takes a survey. */
export interface SurveyEntry {
  jwt: string
  conversationId: string
  dialogId: string
  /** In the order of the questions. */
  answers: string[]
  isOver?: boolean
}

export interface SurveyDeps {
  cluster: Cluster
  ledger: Ledger<SurveyEntry>
}

/** One conversation with its survey after the other, until it is over; the last one is brought to its end. */
export async function takeSurveys(deps: SurveyDeps, over: AbortSignal): Promise<void> {
  await sleep(randomInt(THINKING_MS[1]))
  while (!over.aborted) await takeSurvey(deps)
}

async function takeSurvey({ cluster, ledger }: SurveyDeps): Promise<void> {
  using consumer = openTenaciousConsumer(cluster)
  const conversationId = await consumer.open(FROM_SKILL, FEATURES)
  await consumer.until(`${conversationId}: an agent`, () =>
    consumer.messages(conversationId).some(({ text }) => text === CONNECTED),
  )
  await closeMain(consumer, conversationId)
  const dialogId = await surveyOf(consumer, conversationId)
  await consumer.follow(conversationId, dialogId)

  const { jwt } = consumer
  const answers = [randomInt(1, 6), randomInt(11), randomInt(2) === 0 ? 'Yes' : 'No'].map(String)
  answers.push(`Because of ${crypto.randomUUID()}`)
  for (const [nth, { text }] of QUESTIONS.entries()) {
    await consumer.until(`${conversationId}: "${text}"`, () =>
      consumer
        .messages(dialogId)
        .some((message) => message.role !== 'CONSUMER' && message.text === text),
    )
    await sleep(randomInt(...THINKING_MS))
    await answer(consumer, { conversationId, dialogId, text: answers[nth] ?? '' })
    ledger.acknowledge({ jwt, conversationId, dialogId, answers: answers.slice(0, nth + 1) })
  }
  await consumer.until(
    `${conversationId}: the end`,
    () => consumer.conversations.get(conversationId)?.stage === 'CLOSE',
  )
  ledger.acknowledge({ jwt, conversationId, dialogId, answers, isOver: true })
}

async function closeMain(consumer: TenaciousConsumer, conversationId: string): Promise<void> {
  const dialog = { dialogId: conversationId, state: 'CLOSE' }
  const field = { field: 'DialogChange', type: 'UPDATE', dialog }
  await unlessDone(consumer.ask((connected) => connected.update(conversationId, field)))
}

/** The id of the survey's dialog, once it has begun. */
async function surveyOf(consumer: TenaciousConsumer, conversationId: string): Promise<string> {
  const find = () =>
    consumer.conversations
      .get(conversationId)
      ?.dialogs.find(({ dialogType }) => dialogType === 'POST_SURVEY')?.dialogId
  await consumer.until(`${conversationId}: a survey`, () => find() !== undefined)
  return find() ?? ''
}

/** However often it is sent, it is one answer: its request keeps its id. */
async function answer(
  consumer: TenaciousConsumer,
  { conversationId, dialogId, text }: { conversationId: string; dialogId: string; text: string },
): Promise<void> {
  const requestId = crypto.randomUUID()
  await consumer.ask((connected) => connected.say(conversationId, text, { dialogId, requestId }))
}
