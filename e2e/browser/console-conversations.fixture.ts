import { givenFunction, openConsumerSocket, type Scene } from '@parley/server/testing'

export const WELCOME = 'controllerbot_messaging_new_conversation'

/** A conversation that a function has greeted. */
export async function greeted(scene: Scene, answer: string, said: string): Promise<string> {
  await givenFunction(scene, WELCOME, answer)
  await using consumer = await openConsumerSocket(scene)
  const conversationId = await consumer.openConversation()
  await consumer.message(conversationId, ({ role }) => role === 'CONTROLLER')
  await consumer.say(conversationId, said)
  return conversationId
}
