import type { TranscriptMailRecord } from '@parley/contract'
import { liveChatAccount, type LiveChatAccount, type TestChat } from './live-chat.ts'
import { openTestMailServer, type TestMailServer } from './mail-server.ts'
import { startTestServer, type TestServer } from './start-test-server.ts'

/** A rule that every chat fits. */
export const MAIL_ALL = {
  ruleId: 'all',
  mail: {
    targetEmail: 'team@example.com',
    senderName: 'Chat Team',
    senderEmail: 'noreply@example.com',
    subject: 'Your chat',
  },
}

export interface TestMail {
  chat: TestChat
  mailId: string
  /** As the outbox shows it now. */
  read(): Promise<{ mail: TranscriptMailRecord; html: string; text: string; source?: string }>
}

/** A server, its mail server, and an account whose every chat is mailed. */
export interface TestMailOutbox extends AsyncDisposable {
  readonly smtp: TestMailServer
  readonly server: TestServer
  readonly account: LiveChatAccount
  /** Rates a chat; its mail has been tried once then. */
  send(): Promise<TestMail>
}

export async function openMailOutbox(
  options: { mailServer?: boolean } = {},
): Promise<TestMailOutbox> {
  await using opened = new AsyncDisposableStack()
  const smtp = opened.use(await openTestMailServer())
  const env = options.mailServer === false ? {} : { PARLEY_SMTP_URL: smtp.url }
  const server = opened.use(await startTestServer({ env }))
  const account = await liveChatAccount(server)
  await account.setTranscripts({ rules: [MAIL_ALL] })
  const resources = opened.move()
  return {
    smtp,
    server,
    account,
    async send() {
      const chat = await account.ended({ name: 'Ada', text: 'Hello' })
      await chat.consumer('POST', '/survey', { csatRank: 1 })
      await server.clock.advance(0)
      const listed = await account.admin('GET', `/mails?chatId=${chat.chatId}`)
      const [mail] = listed.json<{ mails: TranscriptMailRecord[] }>().mails
      if (!mail) throw new Error('The chat has no mail')
      const { mailId } = mail
      return {
        chat,
        mailId,
        read: async () => (await account.admin('GET', `/mails/${mailId}`)).json(),
      }
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}
