import { login } from '@parley/client'
import { call, givenFunction, type Scene } from '@parley/server/testing'
import { expect } from 'vitest'
import { eventually } from '../live/eventually.ts'

const TRANSCRIPT_EVENT = 'denver_post_survey_email_transcript'

interface Mails {
  mails: { mailId: string }[]
}

/** A live chat that an agent has served and that its consumer has rated; a function asked for a mail, and for one that is none. */
export async function mailedChat(scene: Scene, said: string): Promise<string> {
  const { accountId } = scene
  await givenFunction(
    scene,
    TRANSCRIPT_EVENT,
    `callback(null, [
       { targetEmail: 'ada@example.com', senderName: 'Lamp Shop', senderEmail: 'shop@example.com', subject: 'Your chat with us' },
       { subject: 'for nobody' },
     ])`,
  )
  await call(scene, 'PUT', 'chat-settings', { survey: {} })
  const wish = { skillId: '1001', name: 'Ada Lovelace', email: 'ada@example.com', text: said }
  const { token, chat } = await call<{ token: string; chat: { chatId: string } }>(
    scene,
    'POST',
    'consumer/chats',
    wish,
  )
  const { chatId } = chat
  const { bearer } = await login(scene, scene.agents[0]!)
  const ask = async (path: string, as: string, body?: unknown): Promise<void> => {
    const options = { bearer: as, body }
    const reply = await scene.request('POST', `/api/v1/accounts/${accountId}/${path}`, options)
    expect(reply.status).toBeLessThan(300)
  }
  await ask(`chats/${chatId}/accept`, bearer)
  await ask(`chats/${chatId}/end`, bearer)
  await ask(`consumer/chats/${chatId}/survey`, token, { csatRank: 2 })
  await eventually('The mail', async () => {
    const { mails } = await call<Mails>(scene, 'GET', `mails?chatId=${chatId}`)
    return mails.length > 0 || undefined
  })
  return chatId
}
