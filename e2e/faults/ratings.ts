import { call } from '@parley/client'
import { submitChatSurvey, endConsumerChat } from '@parley/contract'
import { type Stage, startChat } from '../mail/chat-stage.ts'

/** What the function orders for each chat. */
export const ORDERS = ['copy', 'archive']

export interface Ratings {
  /** Resolves when every consumer has noticed that the server is gone; rejects if one failed before. */
  stop(): Promise<void>
}

/** Consumers that chat and rate, one chat after another, until the server dies. Records the ratings that were acknowledged. */
export function startRatings(
  stage: Stage,
  consumers: number,
  acknowledge: (token: string) => void,
): Ratings {
  let isKilled = false

  async function rate(): Promise<void> {
    const token = crypto.randomUUID()
    const { chatId, consumer } = await startChat(stage, 'Ada')
    await call(consumer, endConsumerChat, { params: { chatId } })
    await call(consumer, submitChatSurvey, {
      params: { chatId },
      body: { csatRank: 1, answers: [{ questionId: 'token', answer: token }] },
    })
    acknowledge(token)
  }

  async function rateUntilKilled(): Promise<void> {
    while (!isKilled) {
      try {
        await rate()
      } catch (error) {
        if (!isKilled) throw error
      }
    }
  }

  const running = Promise.all(Array.from({ length: consumers }, rateUntilKilled))
  return {
    async stop() {
      isKilled = true
      await running
    },
  }
}
